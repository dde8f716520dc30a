//! The contract between the shell and whoever knows the accounts.

use std::{borrow::Cow, error::Error, fmt, future::ready};

use futures::future::BoxFuture;
use http::request::Parts;

use crate::{Caller, Permission};

/// Turns the credential of a request into a [`Caller`].
///
/// Called once per request, for every route whose access is not public. Must be quick: it is on the path of each call.
pub trait Authenticator: Send + Sync + 'static {
    /// `Ok(None)` if the request carries no credential at all; an error if it carries one that does not verify or is
    /// not among those the mount `accepts`. A credential that is present is never treated as absent.
    fn authenticate<'a>(
        &'a self,
        parts: &'a Parts,
        accepts: &'a [Credential],
    ) -> BoxFuture<'a, Result<Option<Caller>, AuthError>>;

    /// Called when a user is refused for want of `permission`, e.g. to record it; `path` is the request's, without the
    /// base path. Must not block. Whoever is no user here is refused without it, or strangers could fill the record.
    fn denied(&self, caller: &Caller, permission: Permission, path: &str) {
        let _ = (caller, permission, path);
    }
}

impl fmt::Debug for dyn Authenticator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Authenticator")
    }
}

/// Looks at nothing: for mounts whose handlers check credentials themselves, where it is known what they must be good for. Their routes
/// are [`Delegated`](crate::Access::Delegated).
pub struct LeftToHandlers;

impl Authenticator for LeftToHandlers {
    fn authenticate<'a>(
        &'a self,
        _: &'a Parts,
        _: &'a [Credential],
    ) -> BoxFuture<'a, Result<Option<Caller>, AuthError>> {
        Box::pin(ready(Ok(None)))
    }
}

/// A kind of credential a mount may accept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Credential {
    /// `Authorization: Bearer hv_…`: a key made by an operator for scripts and tools.
    ApiKey,
    /// `Authorization: DPoP …` with a proof: a request that an app signed with the key of one of its users' devices.
    Dpop,
    /// `Authorization: Bearer …` with a service token: another server, on behalf of one of its accounts.
    ServiceJwt,
    /// `Authorization: Bearer …` with a token of the app that owns the mount, and which has accounts of its own.
    AppToken,
    /// The cookie of somebody who signed in on this server's pages.
    Cookie,
}

impl Credential {
    /// The name of the cookie that carries [`Cookie`](Self::Cookie). Existing dashboards know it.
    pub const COOKIE_NAME: &str = "happyview_session";
}

/// Why a credential was not accepted.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AuthError {
    /// The credential is malformed, unknown, revoked, expired or not accepted here. The text is shown to the caller.
    #[error("credential refused: {0}")]
    Invalid(Cow<'static, str>),
    /// The credential could not be checked, e.g. because the database does not answer. Nothing of it is shown.
    #[error("credential could not be checked")]
    Unavailable(#[source] Box<dyn Error + Send + Sync>),
}
