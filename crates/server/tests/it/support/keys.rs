//! An authenticator with three keys: one that may read, one that may do everything, one whose check breaks down.

use std::sync::Arc;

use futures::future::BoxFuture;
use http::{header::AUTHORIZATION, request::Parts};
use server::{AuthError, Authenticator, Caller, Credential, Permission, PermissionSet, Principal};

pub(crate) const READ: Permission = Permission::new("things:read");
pub(crate) const WRITE: Permission = Permission::new("things:write");

pub(crate) struct Keys;

impl Authenticator for Keys {
    fn authenticate<'a>(
        &'a self,
        parts: &'a Parts,
        accepts: &'a [Credential],
    ) -> BoxFuture<'a, Result<Option<Caller>, AuthError>> {
        Box::pin(async move {
            let Some(value) = parts.headers.get(AUTHORIZATION) else { return Ok(None) };
            if !accepts.contains(&Credential::ApiKey) {
                return Err(AuthError::Invalid("API keys are not accepted here".into()));
            }
            match value.as_bytes() {
                b"Bearer reader" => Ok(Some(caller(&[READ]))),
                b"Bearer writer" => Ok(Some(caller(&[READ, WRITE]))),
                b"Bearer broken" => Err(AuthError::Unavailable("secret database address".into())),
                _ => Err(AuthError::Invalid("Unknown key".into())),
            }
        })
    }
}

fn caller(permissions: &[Permission]) -> Caller {
    let user_id: Arc<str> = "user".into();
    Caller {
        principal: Principal::ApiKey { key_id: "key".into(), user_id, did: None },
        permissions: permissions.iter().copied().collect::<PermissionSet>(),
    }
}
