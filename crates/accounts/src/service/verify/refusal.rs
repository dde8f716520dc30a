//! Why a service token is not accepted.

use std::error::Error;

use atproto::service_auth::ServiceAuthError;
use server::AuthError;

/// Why a service token is not accepted. Every one is a 401; the text is for whoever sent it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// The operator exposes no service, or has not chosen an identity.
    #[error("service authentication is not enabled here")]
    NotExposed,
    /// The token itself: malformed, not for this server, method or moment, or not signed by its issuer.
    #[error(transparent)]
    Token(#[from] ServiceAuthError),
    /// The issuer's document cannot be had, and trying again will not help.
    #[error("the issuer of the service token cannot be resolved")]
    Unresolved,
    /// The issuer's document does not list the key.
    #[error("the issuer of the service token has no such key")]
    NoKey,
    /// Seen before.
    #[error("the service token was used before")]
    Replayed,
    /// Neither a method nor a service: such a token would open everything here that is no method, whoever got it from the
    /// issuer's PDS and what for.
    #[error("the service token names neither a method nor a service")]
    Unbound,
    /// The audience names a service that this server does not offer.
    #[error("the service token is for a service that is not offered here")]
    NoEntry,
    /// None of the services that the audience names admits the method.
    #[error("the service does not admit the method")]
    NotAdmitted,
}

impl Refusal {
    /// The name used as a metric label and in the event log.
    pub(super) fn label(&self) -> &'static str {
        match self {
            Self::NotExposed => "not_exposed",
            Self::Token(error) => error.name(),
            Self::Unresolved => "unresolved",
            Self::NoKey => "no_key",
            Self::Replayed => "replayed",
            Self::Unbound => "unbound",
            Self::NoEntry => "no_entry",
            Self::NotAdmitted => "not_admitted",
        }
    }
}

/// A token that was not accepted, or could not be checked.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// It is not to be accepted.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Nobody can say at the moment: the database, the cache or the issuer's directory does not answer.
    #[error("the service token could not be checked")]
    Unavailable(#[source] Box<dyn Error + Send + Sync>),
}

impl VerifyError {
    pub(super) fn unavailable(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Unavailable(cause.into())
    }
}

impl From<ServiceAuthError> for VerifyError {
    fn from(error: ServiceAuthError) -> Self {
        Self::Refused(error.into())
    }
}

impl From<VerifyError> for AuthError {
    fn from(error: VerifyError) -> Self {
        match error {
            VerifyError::Refused(refusal) => Self::Invalid(refusal.to_string().into()),
            VerifyError::Unavailable(cause) => Self::Unavailable(cause),
        }
    }
}
