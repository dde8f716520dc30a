//! `/admin/registry/crew`.

use atproto::{AtIdentifier, Did};
use axum::extract::State;
use hold::{CrewMember, Permission};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use server::{Caller, Json, Path, Problem, Query};
use utoipa::{IntoParams, ToSchema};

use super::{Crew, CrewError, Operator, paging};
use crate::moment;
use crate::refusal::Refusal;

/// Bytes of the body.
pub(super) const BODY: usize = 8 << 10;

/// Which page.
#[derive(Deserialize, IntoParams)]
pub(super) struct Asked {
    /// How many, from 1 to 100. Default: 50.
    #[param(value_type = Option<u32>)]
    limit: Option<String>,
    /// The cursor of the previous page.
    cursor: Option<String>,
}

/// A page of the crew, by DID.
#[derive(Serialize, ToSchema)]
#[schema(as = RegistryCrewPage)]
pub(super) struct CrewPage {
    crew: Vec<MemberView>,
    /// Where the next page begins, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    cursor: Option<String>,
}

/// Somebody of the crew.
#[derive(Serialize, ToSchema)]
#[schema(as = RegistryCrewMember)]
pub(super) struct MemberView {
    did: String,
    /// Their handle, as far as it is known here.
    #[schema(required)]
    handle: Option<String>,
    role: String,
    permissions: Vec<&'static str>,
    /// How much room they have; null stands for the default.
    #[schema(required)]
    tier: Option<String>,
    #[schema(format = DateTime)]
    added_at: String,
}

/// Who is to be of the crew.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RegistryCrewChange)]
pub(super) struct Change {
    /// A handle or a DID.
    account: String,
    /// `blob:read`, `blob:write`, `crew:admin`. Default: `blob:write`.
    #[schema(nullable = false)]
    permissions: Option<Vec<String>>,
    /// The name of a tier; null stands for the default.
    tier: Option<String>,
}

pub(super) async fn list(
    State(operator): State<Operator>,
    Query(asked): Query<Asked>,
) -> Result<Json<CrewPage>, Problem> {
    let limit = paging::limit(asked.limit.as_deref())?;
    let behind = paging::behind(asked.cursor.as_deref())?;
    let found = operator.registry.hold.crew(behind.as_ref(), limit + 1).await;
    let mut found = found.map_err(Refusal::from)?;
    let has_more = found.len() > limit as usize;
    found.truncate(limit as usize);
    let cursor = found.last().filter(|_| has_more).map(|last| last.member.to_string());
    let dids: Vec<&Did> = found.iter().map(|member| &member.member).collect();
    let mut handles = operator.handles(&dids).await.map_err(Refusal::from)?;
    let view = |member: CrewMember| {
        let handle = handles.remove(member.member.as_str());
        MemberView::new(member, handle)
    };
    Ok(Json(CrewPage { crew: found.into_iter().map(view).collect(), cursor }))
}

/// Takes somebody on, or changes what they may do.
pub(super) async fn put(
    State(operator): State<Operator>,
    caller: Caller,
    Json(change): Json<Change>,
) -> Result<Json<MemberView>, Problem> {
    let permissions = match change.permissions {
        None => vec![Permission::Write],
        Some(names) => granted(&names)?,
    };
    let (did, handle) = operator.account(&change.account).await?;
    let crew = operator.crew_of(&caller);
    let member =
        crew.take_on(&did, permissions, change.tier.as_deref()).await.map_err(|error| match error {
            CrewError::Tier(error) => Problem::bad_request(format!("{error}: {}", error.help())),
            CrewError::Hold(error) => Refusal::from(error).into(),
        })?;
    Ok(Json(MemberView::new(member, handle)))
}

/// Lets somebody go; their images stay.
pub(super) async fn remove(
    State(operator): State<Operator>,
    caller: Caller,
    Path(did): Path<String>,
) -> Result<StatusCode, Problem> {
    let did = Did::parse(&did).map_err(|_| Problem::bad_request("what is to be removed is a DID"))?;
    if operator.crew_of(&caller).let_go(&did).await.map_err(Refusal::from)? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Problem::not_found(format!("{did} is not in the crew")))
    }
}

impl Operator {
    fn crew_of<'a>(&'a self, caller: &'a Caller) -> Crew<'a> {
        Crew { hold: &self.registry.hold, events: &self.events, actor: caller.principal.did() }
    }

    /// Who is called so, and what they call themselves. Nobody is asked about a DID; a handle has to be its account's own.
    async fn account(&self, name: &str) -> Result<(Did, Option<String>), Problem> {
        let name = name.trim();
        let identifier = AtIdentifier::parse(name.strip_prefix('@').unwrap_or(name))
            .map_err(|_| Problem::bad_request("`account` is a handle such as alice.example.com, or a DID"))?;
        let handle = match identifier {
            AtIdentifier::Did(did) => {
                let handle = self.handles(&[&did]).await.map_err(Refusal::from)?.remove(did.as_str());
                return Ok((did, handle));
            }
            AtIdentifier::Handle(handle) => handle,
        };
        match self.registry.authors.resolver.verified(&AtIdentifier::Handle(handle.clone())).await {
            Ok(found) if found.handle.as_ref() == Some(&handle) => {
                Ok((found.identity.did.clone(), Some(handle.to_string())))
            }
            Ok(found) => Err(Problem::bad_request(format!(
                "{handle} leads to {}, which does not call itself so: name the DID if that is who you mean",
                found.identity.did
            ))),
            Err(error) if error.is_transient() => Err(Problem::bad_gateway(format!(
                "whoever knows {handle} does not answer: try again, or name the DID"
            ))
            .caused_by(error)),
            Err(_) => Err(Problem::not_found(format!("nobody is called {handle}"))),
        }
    }
}

fn granted(names: &[String]) -> Result<Vec<Permission>, Problem> {
    let permissions: Option<Vec<_>> = names.iter().map(|name| Permission::named(name)).collect();
    permissions.filter(|permissions| !permissions.is_empty()).ok_or_else(|| {
        Problem::bad_request("`permissions` are one or more of blob:read, blob:write and crew:admin")
    })
}

impl MemberView {
    fn new(member: CrewMember, handle: Option<String>) -> Self {
        Self {
            permissions: member.permissions.iter().map(|permission| permission.name()).collect(),
            did: member.member.to_string(),
            handle,
            role: member.role,
            tier: member.tier,
            added_at: moment(member.added_at),
        }
    }
}
