//! `POST /device/approve`: somebody decides.
//!
//! With a cookie, the shell has made sure that one of our own pages is behind the request. Without one, name and password are in
//! the request itself, and nobody can make somebody else send those.

use atproto::{AtIdentifier, Did, Handle};
use axum::Extension;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode};
use pages::Page;
use serde_json::json;
use server::{Caller, ClientAddress, Json, Problem};

use super::super::authorization::Basic;
use super::super::flow::{Decision, Unknown};
use super::super::routes::Fields;
use super::super::{Auth, Error, LoginError};
use super::show::{guesser, not_found, status};
use super::visitor;

pub(super) async fn decide(
    State(auth): State<Auth>,
    caller: Option<Caller>,
    client: Option<Extension<ClientAddress>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let (fields, is_json) = (Fields::read(&headers, &body)?, Fields::is_json(&headers));
    let visitor = visitor(caller.as_ref());
    let found = auth.flow().find(fields.required("user_code")?, &guesser(visitor, client.as_ref())).await;
    let (code, pending) = match found {
        Ok(found) => found,
        Err(unknown) => return refused(&auth, unknown, is_json),
    };
    let who = match visitor {
        Some((did, _)) => auth.named(did).await?,
        None => match auth.local_visitor(&fields, client).await {
            Ok(who) => who,
            Err(problem) if is_json || problem.is_our_fault() => return Err(problem),
            Err(problem) => {
                return Ok(auth.question(problem.status, &code, &pending, None, Some(&problem.message)));
            }
        },
    };
    let is_approved = fields.required("approve")? == "true";
    let decision =
        if is_approved { Decision::Approved { did: who.0, handle: who.1 } } else { Decision::Denied };
    match auth.flow().decide(&code, &decision).await {
        Ok(_) if is_json => {
            Ok(Json(json!({ "status": if is_approved { "approved" } else { "denied" } })).into_response())
        }
        Ok(_) => Ok(decided(is_approved)),
        Err(unknown) => refused(&auth, unknown, is_json),
    }
}

fn refused(auth: &Auth, unknown: Unknown, is_json: bool) -> Result<Response, Problem> {
    match unknown {
        Unknown::Failed(error) => Err(Error::into(error)),
        other if is_json => Err(Problem::new(status(&other), other.to_string())),
        other => not_found(auth, other),
    }
}

fn decided(is_approved: bool) -> Response {
    let (title, text) = if is_approved {
        ("The device is let in", "Go back to it: within seconds it knows. You may close this page.")
    } else {
        ("The device is turned away", "It gets nothing. You may close this page.")
    };
    Page::new(StatusCode::OK, title, &format!("<p>{text}</p>")).into_response()
}

impl Auth {
    /// Whoever is signed in, and what they are called now; the DID if nobody can tell.
    async fn named(&self, did: &str) -> Result<(Did, String), Problem> {
        let did = Did::parse(did).map_err(|_| Problem::authentication_required())?;
        let found = self.credentials().resolver.verified(&AtIdentifier::Did(did.clone())).await;
        let handle = found.ok().and_then(|found| found.handle).map(|handle: Handle| handle.to_string());
        let handle = handle.unwrap_or_else(|| did.to_string());
        Ok((did, handle))
    }

    /// Whoever has an account on this server and says so in the form.
    async fn local_visitor(
        &self,
        fields: &Fields,
        client: Option<Extension<ClientAddress>>,
    ) -> Result<(Did, String), Problem> {
        let (Some(name), Some(password)) = (fields.get("handle"), fields.get("password")) else {
            return Err(Problem::authentication_required());
        };
        let basic = Basic::new(name, password).ok_or(LoginError::Refused)?;
        let client = client.map(|Extension(ClientAddress(address))| address);
        let login = self.credentials().check_here(&basic, client).await?;
        Ok((login.did, login.handle))
    }
}
