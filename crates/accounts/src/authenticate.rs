//! Who is calling: the shell's question, answered (spec/appview.md §3.2).
//!
//! The header `Authorization` decides which kind of credential a request carries, and a cookie counts only without it: a
//! credential that does not verify is refused, never passed over for another.

use std::sync::Arc;

use atproto::{Did, Nsid};
use events::{Event, kinds};
use futures::future::BoxFuture;
use http::request::Parts;
use serde_json::json;
use server::{AuthError, Authenticator, Caller, Credential, Permission, PermissionSet, Principal};

use crate::{
    Accounts, Error,
    authorization::{Presented, presented},
    browser_sessions::BrowserSession,
};

impl Authenticator for Accounts {
    fn authenticate<'a>(
        &'a self,
        parts: &'a Parts,
        accepts: &'a [Credential],
    ) -> BoxFuture<'a, Result<Option<Caller>, AuthError>> {
        Box::pin(async move {
            let accepted = |kind, name: &str| {
                let refused = || AuthError::Invalid(format!("{name} are not accepted here").into());
                if accepts.contains(&kind) { Ok(()) } else { Err(refused()) }
            };
            match presented(&parts.headers) {
                Presented::ApiKey(key) => {
                    accepted(Credential::ApiKey, "API keys")?;
                    self.keys.authenticate(key).await.map(Some)
                }
                Presented::Dpop(token) => {
                    accepted(Credential::Dpop, "DPoP tokens")?;
                    self.signed_by_app(parts, token).await.map(Some)
                }
                Presented::Bearer(token) => {
                    accepted(Credential::ServiceJwt, "Bearer tokens other than API keys (hv_…)")?;
                    self.other_server(parts, token).await.map(Some)
                }
                Presented::Nothing if accepts.contains(&Credential::Cookie) => self.browser(parts).await,
                Presented::Nothing => Ok(None),
                Presented::Malformed => Err(AuthError::Invalid("Malformed Authorization header".into())),
            }
        })
    }

    fn denied(&self, caller: &Caller, permission: Permission, path: &str) {
        let detail =
            json!({ "required_permission": permission.name(), "user_id": caller.user_id.as_deref() });
        let event = Event::new(kinds::AUTH_PERMISSION_DENIED).actor(caller.principal.did());
        self.users.events.record(event.subject(path).detail(detail));
    }
}

impl Accounts {
    /// A request that an app signed on one of its users' devices.
    async fn signed_by_app(&self, parts: &Parts, token: &str) -> Result<Caller, AuthError> {
        let session = self.clients.prove(parts, token).await?;
        let principal = Principal::Dpop {
            did: session.did.clone(),
            session_id: session.session_id,
            client_key: session.client.client_key.as_str().into(),
        };
        // Anybody with an account can register an app below another. What its users may do here is no business of its.
        if session.client.parent_client_id.is_some() {
            return Ok(Caller { principal, user_id: None, permissions: PermissionSet::default() });
        }
        self.person(&session.did, principal).await
    }

    /// A request of another server, for one of its accounts or in a service's own name.
    async fn other_server(&self, parts: &Parts, token: &str) -> Result<Caller, AuthError> {
        // A name in another spelling must not pass for a route that is no method, to which less applies.
        let called = parts.uri.path().rsplit_once("/xrpc/").map(|(_, name)| Nsid::parse(name)).transpose();
        let called = called.map_err(|_| AuthError::Invalid("Not the name of a method".into()))?;
        let call = self.service.verify(token, called.as_ref()).await?;
        let did: Arc<str> = call.issuer.into();
        let lxm = call.lxm.map(|lxm| lxm.as_str().into());
        self.person(&did, Principal::Service { did: did.clone(), lxm }).await
    }

    /// A request from a browser that is signed in; none without a cookie that means something.
    async fn browser(&self, parts: &Parts) -> Result<Option<Caller>, AuthError> {
        let session = self.browser_sessions.authenticate(&parts.headers).await.map_err(unavailable)?;
        let Some(session) = session else { return Ok(None) };
        let BrowserSession { id: session_id, did, client_key, .. } = session;
        let principal = Principal::BrowserSession { did: did.clone(), session_id, client_key };
        self.person(&did, principal).await.map(Some)
    }

    /// Somebody with the rights they have here now; most people have none. A service of an account has none either: its
    /// key is not the account's.
    async fn person(&self, did: &str, principal: Principal) -> Result<Caller, AuthError> {
        let rights = match Did::parse(did) {
            Ok(did) => self.users.rights(&did).await.map_err(unavailable)?,
            Err(_) => None,
        };
        let Some(rights) = rights else {
            return Ok(Caller { principal, user_id: None, permissions: PermissionSet::default() });
        };
        self.users.last_used.touch_user(&rights.user_id);
        Ok(Caller { principal, user_id: Some(rights.user_id), permissions: rights.permissions })
    }
}

fn unavailable(error: Error) -> AuthError {
    AuthError::Unavailable(error.into())
}
