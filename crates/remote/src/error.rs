//! Why a repository could not be read.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use atproto::Did;
use http::StatusCode;
use url::Url;

/// What a failure means for whoever asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// No usable answer now: try again later.
    Unavailable,
    /// The host asks for a pause.
    RateLimited {
        /// Its length.
        retry_after: Duration,
    },
    /// The host has the repository no more, or does not serve it.
    Gone(Gone),
    /// What the host says cannot be true. Trying again is of no use until somebody has looked.
    Untrusted(&'static str),
    /// More than is accepted from one repository.
    TooLarge,
    /// No such DID, or none that leads to a host.
    Unresolvable,
    /// The answer is not one that the protocol knows.
    Malformed,
}

/// How a repository is gone, in the protocol's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gone {
    /// The host does not know it.
    NotFound,
    /// Switched off by its owner.
    Deactivated,
    /// Taken down by the host.
    Takendown,
    /// Suspended by the host.
    Suspended,
}

/// Why a repository could not be read. Cheap to clone: whoever waited for the same answer gets the same error.
#[derive(Clone, Debug, thiserror::Error)]
pub enum RemoteError {
    /// The DID leads to no document.
    #[error(transparent)]
    Identity(#[from] identity::Error),
    /// The DID's document names no host.
    #[error("the document of {did} names no PDS")]
    NoHost {
        /// The repository.
        did: Did,
    },
    /// The connection failed, was refused, or gave no complete answer.
    #[error("{method} failed: {cause}")]
    Transport {
        /// The XRPC method.
        method: &'static str,
        /// What happened.
        cause: Arc<outbound::Error>,
    },
    /// An answer with a status that says nothing about the repository, such as 502.
    #[error("{host} answered {method} with {status} {name}")]
    Refused {
        /// The host.
        host: Box<Url>,
        /// The XRPC method.
        method: &'static str,
        /// The status.
        status: StatusCode,
        /// The protocol's name of the error, an excerpt; empty if there is none.
        name: String,
    },
    /// 429, or so near to it that it is better not to ask.
    #[error("{host} asks for a pause of {} ms", retry_after.as_millis())]
    RateLimited {
        /// The host.
        host: Box<Url>,
        /// The length of the pause.
        retry_after: Duration,
    },
    /// The host does not serve the repository.
    #[error("{did} is {gone} at {host}")]
    Gone {
        /// The repository.
        did: Did,
        /// The host.
        host: Box<Url>,
        /// In which way.
        gone: Gone,
    },
    /// What the host says cannot be true.
    #[error("{host} cannot be believed about {did}: {reason}")]
    Untrusted {
        /// The repository.
        did: Did,
        /// The host.
        host: Box<Url>,
        /// A short name of what gives it away.
        reason: &'static str,
    },
    /// More than is accepted.
    #[error("{did} is larger than what is accepted of one repository: {what}")]
    TooLarge {
        /// The repository.
        did: Did,
        /// Which bound was met.
        what: &'static str,
    },
    /// Not an answer that the protocol knows.
    #[error("{host} answered {method} with something else than the protocol has it: {what}")]
    Malformed {
        /// The host.
        host: Box<Url>,
        /// The XRPC method.
        method: &'static str,
        /// What is wrong with it.
        what: String,
    },
}

impl RemoteError {
    /// What it means.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Identity(error) if error.is_transient() => Kind::Unavailable,
            Self::Identity(_) | Self::NoHost { .. } => Kind::Unresolvable,
            Self::Transport { cause, .. } => of_transport(cause),
            Self::Refused { status, .. } => of_status(*status),
            Self::RateLimited { retry_after, .. } => Kind::RateLimited { retry_after: *retry_after },
            Self::Gone { gone, .. } => Kind::Gone(*gone),
            Self::Untrusted { reason, .. } => Kind::Untrusted(reason),
            Self::TooLarge { .. } => Kind::TooLarge,
            Self::Malformed { .. } => Kind::Malformed,
        }
    }

    /// How long the host is to be left alone before it is asked again, if that is known.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::RateLimited { retry_after, .. } => Some(*retry_after),
            Self::Transport { cause, .. } => cause.retry_after(),
            _ => None,
        }
    }

    /// Whether the repository may have moved, or have got a new key: worth a look at a fresh DID document.
    pub(crate) fn suggests_moving(&self) -> bool {
        match self {
            Self::Gone { .. } | Self::Untrusted { .. } => true,
            Self::Transport { cause, .. } => matches!(
                **cause,
                outbound::Error::Connect { .. }
                    | outbound::Error::NoAddress { .. }
                    | outbound::Error::Refused { .. }
            ),
            _ => self.kind() == Kind::Malformed,
        }
    }

    /// A short name for metrics and for rows of a table.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        match self.kind() {
            Kind::Unavailable => "unavailable",
            Kind::RateLimited { .. } => "rate_limited",
            Kind::Gone(gone) => gone.as_str(),
            Kind::Untrusted(reason) => reason,
            Kind::TooLarge => "too_large",
            Kind::Unresolvable => "unresolvable",
            Kind::Malformed => "malformed",
        }
    }
}

/// Of an answer that says nothing about the repository. Who is forbidden or unpaid for today may be let in tomorrow.
fn of_status(status: StatusCode) -> Kind {
    match status.as_u16() {
        401..=403 | 408 | 425 | 451 | 500..=599 => Kind::Unavailable,
        _ => Kind::Malformed,
    }
}

fn of_transport(cause: &outbound::Error) -> Kind {
    match cause {
        outbound::Error::TooLarge { .. } => Kind::TooLarge,
        outbound::Error::Json { .. } => Kind::Malformed,
        // A document that names an address nobody may contact leads to no host.
        outbound::Error::Refused { .. } => Kind::Unresolvable,
        _ => Kind::Unavailable,
    }
}

impl Gone {
    /// The protocol's word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::Deactivated => "deactivated",
            Self::Takendown => "takendown",
            Self::Suspended => "suspended",
        }
    }
}

impl fmt::Display for Gone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotFound => "not found",
            Self::Takendown => "taken down",
            other => other.as_str(),
        })
    }
}
