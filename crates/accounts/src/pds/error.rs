//! What can go wrong between this server and the PDS of a user.

use std::{borrow::Cow, sync::Arc};

use atproto::{Did, oauth::DocumentError};
use server::Problem;

use crate::service::ServiceError;

/// A sign-in that failed, or a call for a user that could not be made. An answer of the PDS is never one of these.
///
/// The texts are for the person who signs in or the app that calls. It is `Clone` because callers who wait for one
/// refresh of their tokens also share its failure.
#[derive(Clone, Debug, thiserror::Error)]
pub enum PdsError {
    /// The caller never signed in with a PDS through this server.
    #[error("there is no session with your PDS; sign in first")]
    NoSession,
    /// The session was revoked, or is older than the authorization server allows.
    #[error("the session with your PDS has ended; sign in again")]
    Ended,
    /// Something the caller sent.
    #[error("{0}")]
    BadRequest(Cow<'static, str>),
    /// The name of an account leads nowhere.
    #[error(transparent)]
    Identity(#[from] identity::Error),
    /// An account without a home.
    #[error("{0} has no PDS")]
    NoPds(Did),
    /// A PDS or authorization server that did not answer.
    #[error("{0}")]
    Unreachable(Arc<outbound::Error>),
    /// A PDS or authorization server that answered what no such server may answer.
    #[error("{server} cannot be used: {problem}")]
    Misbehaved {
        /// Its origin.
        server: String,
        /// What it did.
        problem: Cow<'static, str>,
    },
    /// The authorization server said no.
    #[error("{server} refused the request: {error}{}", description.as_deref().map(|text| format!(" ({text})")).unwrap_or_default())]
    Refused {
        /// Its origin.
        server: String,
        /// The code, such as `invalid_scope`.
        error: String,
        /// Its words for people.
        description: Option<String>,
    },
    /// Somebody else is refreshing the tokens, and it takes too long.
    #[error("the session with your PDS is being renewed; try again in a moment")]
    Busy,
    /// Secrets, users, browser sessions.
    #[error(transparent)]
    Accounts(Arc<crate::Error>),
    /// The service identity.
    #[error(transparent)]
    Service(Arc<ServiceError>),
    /// The database.
    #[error("database of sessions")]
    Store(#[from] store::Error),
    /// The cache.
    #[error("cache of sign-ins")]
    Cache(Arc<cache::Error>),
}

impl PdsError {
    pub(super) fn bad_request(message: impl Into<Cow<'static, str>>) -> Self {
        Self::BadRequest(message.into())
    }

    pub(super) fn misbehaved(server: impl Into<String>, problem: impl Into<Cow<'static, str>>) -> Self {
        Self::Misbehaved { server: server.into(), problem: problem.into() }
    }

    pub(super) fn document(server: impl Into<String>, error: &DocumentError) -> Self {
        Self::misbehaved(server, error.to_string())
    }

    /// Whether the authorization server said this.
    pub(super) fn is_refusal(&self, code: &str) -> bool {
        matches!(self, Self::Refused { error, .. } if error == code)
    }
}

impl From<outbound::Error> for PdsError {
    fn from(error: outbound::Error) -> Self {
        Self::Unreachable(Arc::new(error))
    }
}

impl From<crate::Error> for PdsError {
    fn from(error: crate::Error) -> Self {
        Self::Accounts(Arc::new(error))
    }
}

impl From<cache::Error> for PdsError {
    fn from(error: cache::Error) -> Self {
        Self::Cache(Arc::new(error))
    }
}

impl From<PdsError> for Problem {
    fn from(error: PdsError) -> Self {
        use http::StatusCode;

        match &error {
            PdsError::NoSession | PdsError::Ended => Self::unauthorized(error.to_string()),
            PdsError::BadRequest(_) | PdsError::NoPds(_) => Self::bad_request(error.to_string()),
            PdsError::Identity(cause) if !cause.is_transient() => Self::bad_request(error.to_string()),
            PdsError::Refused { error: code, .. } if code == "invalid_scope" => {
                Self::bad_request(error.to_string())
            }
            PdsError::Identity(_)
            | PdsError::Unreachable(_)
            | PdsError::Misbehaved { .. }
            | PdsError::Refused { .. } => Self::bad_gateway(error.to_string()),
            PdsError::Busy => Self::new(StatusCode::SERVICE_UNAVAILABLE, error.to_string()),
            PdsError::Accounts(_) | PdsError::Service(_) | PdsError::Store(_) | PdsError::Cache(_) => {
                Self::internal(error)
            }
        }
    }
}
