//! An authenticator that knows a few callers, and what it is told of those who were refused.

use std::sync::{Arc, Mutex};

use futures::future::BoxFuture;
use http::{
    HeaderMap,
    header::{AUTHORIZATION, COOKIE},
    request::Parts,
};
use server::{AuthError, Authenticator, Caller, Credential, Permission, PermissionSet, Principal, Target};

pub(crate) const READ: Permission = Permission::new("things:read");
pub(crate) const WRITE: Permission = Permission::new("things:write");

/// API keys `reader`, `writer` and `broken`, the last of which cannot be checked; a service token `stranger` of nobody who
/// is a user here; cookies `session=alice`, who may read and write, and `session=stranger`; and a device whose proof is
/// the path that it asks for.
#[derive(Default)]
pub(crate) struct Keys {
    denials: Mutex<Vec<Denial>>,
}

/// User, permission, path.
pub(crate) type Denial = (Option<String>, Permission, String);

impl Keys {
    /// What was refused so far.
    pub(crate) fn denials(&self) -> Vec<Denial> {
        self.denials.lock().unwrap().clone()
    }
}

impl Authenticator for Keys {
    fn authenticate<'a>(
        &'a self,
        parts: &'a Parts,
        accepts: &'a [Credential],
    ) -> BoxFuture<'a, Result<Option<Caller>, AuthError>> {
        Box::pin(async move {
            let Some(value) = parts.headers.get(AUTHORIZATION) else {
                return Ok(cookie(&parts.headers).filter(|_| accepts.contains(&Credential::Cookie)));
            };
            if !accepts.contains(&Credential::ApiKey) {
                return Err(AuthError::Invalid("API keys are not accepted here".into()));
            }
            match value.as_bytes() {
                b"Bearer reader" => Ok(Some(key(&[READ]))),
                b"Bearer writer" => Ok(Some(key(&[READ, WRITE]))),
                b"Bearer broken" => Err(AuthError::Unavailable("secret database address".into())),
                b"Bearer stranger" => Ok(Some(stranger())),
                b"DPoP device" => device(parts).map(Some),
                _ => Err(AuthError::Invalid("Unknown key".into())),
            }
        })
    }

    fn denied(&self, caller: &Caller, permission: Permission, path: &str) {
        let denial = (caller.user_id.as_deref().map(ToOwned::to_owned), permission, path.to_owned());
        self.denials.lock().unwrap().push(denial);
    }
}

fn key(permissions: &[Permission]) -> Caller {
    let user_id: Arc<str> = "user".into();
    user(Principal::ApiKey { key_id: "key".into(), user_id, did: None }, permissions)
}

fn cookie(headers: &HeaderMap) -> Option<Caller> {
    let session = |did: &str| {
        let (did, session_id) = (did.into(), "session".into());
        Principal::BrowserSession { did, session_id, client_key: None }
    };
    match headers.get(COOKIE)?.as_bytes() {
        b"session=alice" => Some(user(session("did:plc:alice"), &[READ, WRITE])),
        b"session=stranger" => {
            let (principal, permissions) = (session("did:plc:stranger"), PermissionSet::default());
            Some(Caller { principal, user_id: None, permissions })
        }
        _ => None,
    }
}

fn device(parts: &Parts) -> Result<Caller, AuthError> {
    let proof = parts.headers.get("dpop").map(http::HeaderValue::as_bytes);
    if proof != Some(Target::of(parts).path().as_bytes()) {
        return Err(AuthError::Invalid("The proof is for another request".into()));
    }
    let (did, session_id, client_key) = ("did:plc:alice".into(), "session".into(), "client".into());
    Ok(user(Principal::Dpop { did, session_id, client_key }, &[READ]))
}

fn stranger() -> Caller {
    let principal = Principal::Service { did: "did:web:stranger.test".into(), lxm: None };
    Caller { principal, user_id: None, permissions: PermissionSet::default() }
}

fn user(principal: Principal, permissions: &[Permission]) -> Caller {
    Caller { principal, user_id: Some("user".into()), permissions: permissions.iter().copied().collect() }
}
