//! `io.atcr.hold.requestCrew` and `io.atcr.hold.updateCrewTier`.

use axum::extract::State;
use hold::{CrewMember, Permission, crew_key};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};
use server::{Json, Problem};

use crate::caller::Caller;
use crate::input::{self, Asked};
use crate::refusal::{auth_required, invalid, of_hold, refused};
use crate::service::Served;

/// What somebody may ask to be; who decides about others is made by the captain.
const ROLES: [&str; 3] = ["member", "read", "write"];

#[derive(Deserialize)]
struct Wish {
    role: Option<String>,
    permissions: Option<Vec<String>>,
}

/// Takes the caller on, where the captain takes everybody on.
pub(crate) async fn request(State(service): State<Served>, request: Asked) -> Result<Json<Value>, Problem> {
    const METHOD: &str = "io.atcr.hold.requestCrew";
    let subject = service.caller(request.headers(), METHOD).await?.in_person()?;
    let Wish { role, permissions } = request.json().await?;
    let role = role.unwrap_or_else(|| "member".to_owned());
    if !ROLES.contains(&role.as_str()) {
        return Err(invalid("the role is member, read or write"));
    }
    let permissions = permissions.map_or_else(|| Ok(vec![Permission::Read, Permission::Write]), asked)?;
    let captain = service.hold.captain();
    let is_there =
        captain.owner == subject || service.hold.member(&subject).await.map_err(of_hold)?.is_some();
    let uri = format!("at://{}/{}/{}", service.hold.did(), hold::Collection::Crew.nsid(), crew_key(&subject));
    if is_there {
        let message = "you are of the crew already";
        return Ok(Json(json!({ "status": "already_member", "uri": uri, "message": message })));
    }
    if !captain.allow_all_crew {
        let message = "the captain of this hold decides who is of the crew: ask them";
        return Err(Problem::forbidden(message).named("RegistrationDisabled"));
    }
    service.hold.take_on(CrewMember::new(subject, role, permissions)).await.map_err(of_hold)?;
    Ok(Json(json!({ "status": "created", "uri": uri, "message": "welcome aboard" })))
}

/// At most what everybody gets.
fn asked(names: Vec<String>) -> Result<Vec<Permission>, Problem> {
    let permission = |name: String| match Permission::named(&name) {
        Some(permission @ (Permission::Read | Permission::Write)) => Ok(permission),
        _ => Err(invalid("blob:read and blob:write are what can be asked for")),
    };
    let mut permissions = names.into_iter().map(permission).collect::<Result<Vec<_>, _>>()?;
    permissions.sort_unstable();
    permissions.dedup();
    Ok(permissions)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Tier {
    user_did: String,
    tier_rank: u32,
}

/// Puts a member in the tier of a rank, the smallest being 0: for registries that are trusted here.
pub(crate) async fn update_tier(
    State(service): State<Served>,
    request: Asked,
) -> Result<Json<Value>, Problem> {
    const METHOD: &str = "io.atcr.hold.updateCrewTier";
    match service.caller(request.headers(), METHOD).await? {
        Caller::AppView(_) => {}
        Caller::Nobody => return Err(auth_required("this takes a token of a registry that is trusted here")),
        Caller::Account(_) => {
            let message = "only a registry that is trusted here says who is in which tier";
            return Err(Problem::forbidden(message).named("Forbidden"));
        }
    }
    let Tier { user_did, tier_rank } = request.json().await?;
    let member = input::did(&user_did, "InvalidRequest")?;
    let ranked = service.hold.tiers().ranked();
    let tier = usize::try_from(tier_rank).ok().and_then(|rank| ranked.get(rank));
    let (tier, _) = tier.ok_or_else(|| {
        let message = format!("there are {} tiers, of which the first has the rank 0", ranked.len());
        Problem::new(StatusCode::BAD_REQUEST, message).named("InvalidRequest")
    })?;
    if !service.hold.set_tier(&member, tier).await.map_err(of_hold)? {
        return Err(refused("UserNotFound", "nobody of that DID is of the crew"));
    }
    Ok(Json(json!({ "tierName": tier })))
}
