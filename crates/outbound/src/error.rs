//! What can go wrong with an outgoing connection.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use http::StatusCode;
use url::Url;

use crate::guard::GuardError;
use crate::policy::Refusal;

/// A boxed cause, for logs.
pub type Cause = Box<dyn StdError + Send + Sync>;

/// What was being attempted: `GET example.com`.
///
/// The host is the one in the URL (with its port if unusual), never an address a name resolved to, and the path is
/// left out because queries carry secrets: it may be shown to whoever caused the request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// The HTTP method, `WebSocket` or `TXT`.
    pub verb: String,
    /// The host as the caller named it.
    pub host: String,
}

/// Why an outgoing connection gave no answer, or not the one asked for.
///
/// The `Display` text is safe to show to end users; sources are for logs.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The client could not be built: no TLS roots, no resolver configuration.
    #[error("cannot set up outgoing connections: {what}")]
    Setup {
        /// The part that failed and what to do about it.
        what: &'static str,
        /// The cause.
        source: Cause,
    },
    /// The policy forbids it; nothing was sent.
    #[error("{attempt} refused: {reason}")]
    Refused {
        /// What was attempted.
        attempt: Attempt,
        /// Which rule forbids it.
        reason: Refusal,
    },
    /// The name does not exist, or has no address.
    #[error("{attempt} failed: the host name has no address")]
    NoAddress {
        /// What was attempted.
        attempt: Attempt,
    },
    /// DNS did not answer.
    #[error("{attempt} failed: the host name could not be looked up")]
    Dns {
        /// What was attempted.
        attempt: Attempt,
        /// The cause.
        source: Cause,
    },
    /// TCP or TLS could not be established.
    #[error("{attempt} failed: no connection to the host")]
    Connect {
        /// What was attempted.
        attempt: Attempt,
        /// The cause.
        source: Cause,
    },
    /// The whole exchange, including waiting for a free connection, took too long.
    #[error("{attempt} failed: no complete answer within {} ms", limit.as_millis())]
    Timeout {
        /// What was attempted.
        attempt: Attempt,
        /// The time allowed.
        limit: Duration,
    },
    /// The connection broke, or the answer is not valid HTTP, WebSocket or compressed data.
    #[error("{attempt} failed: the answer broke off or is malformed")]
    Transfer {
        /// What was attempted.
        attempt: Attempt,
        /// The cause.
        source: Cause,
    },
    /// The (decompressed) body exceeds the limit; reading stopped there.
    #[error("{attempt} failed: the answer is larger than {limit} bytes")]
    TooLarge {
        /// What was attempted.
        attempt: Attempt,
        /// The limit in bytes.
        limit: usize,
    },
    /// More redirects than allowed.
    #[error("{attempt} failed: more than {limit} redirects")]
    TooManyRedirects {
        /// What was attempted last.
        attempt: Attempt,
        /// The number allowed.
        limit: u8,
    },
    /// The host failed or asked for a pause recently; nothing was sent.
    #[error("{attempt} postponed: the host is unavailable, try again in {} ms", retry_after.as_millis())]
    BackingOff {
        /// What was attempted.
        attempt: Attempt,
        /// How long the pause still lasts.
        retry_after: Duration,
    },
    /// Exchanges with as many hosts as allowed are under way; nothing was sent.
    #[error("{attempt} postponed: too many hosts are being contacted, try again later")]
    Busy {
        /// What was attempted.
        attempt: Attempt,
    },
    /// An answer came, but not the success that the call needs.
    #[error("{attempt} answered {status}")]
    Status {
        /// What was attempted.
        attempt: Attempt,
        /// The status of the answer.
        status: StatusCode,
    },
    /// The body is not the JSON that was asked for.
    #[error("{attempt} answered something that is not the expected JSON")]
    Json {
        /// What was attempted.
        attempt: Attempt,
        /// The cause.
        source: serde_json::Error,
    },
}

impl Error {
    /// Whether the same call may succeed later without anybody changing anything.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Dns { .. }
            | Self::Connect { .. }
            | Self::Timeout { .. }
            | Self::Transfer { .. }
            | Self::BackingOff { .. }
            | Self::Busy { .. } => true,
            Self::Status { status, .. } => {
                status.is_server_error() || matches!(status.as_u16(), 408 | 425 | 429)
            }
            Self::Setup { .. }
            | Self::Refused { .. }
            | Self::NoAddress { .. }
            | Self::TooLarge { .. }
            | Self::TooManyRedirects { .. }
            | Self::Json { .. } => false,
        }
    }

    /// How long the host is being left alone, if that is why nothing was sent.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::BackingOff { retry_after, .. } => Some(*retry_after),
            _ => None,
        }
    }

    /// The name used as a metric label.
    pub(crate) fn label(&self) -> &'static str {
        match self {
            Self::Setup { .. } => "setup",
            Self::Refused { .. } => "refused",
            Self::NoAddress { .. } => "no_address",
            Self::Dns { .. } => "dns",
            Self::Connect { .. } => "connect",
            Self::Timeout { .. } => "timeout",
            Self::Transfer { .. } => "transfer",
            Self::TooLarge { .. } => "too_large",
            Self::TooManyRedirects { .. } => "redirects",
            Self::BackingOff { .. } => "backing_off",
            Self::Busy { .. } => "busy",
            Self::Status { .. } => "status",
            Self::Json { .. } => "json",
        }
    }

    pub(crate) fn backing_off(attempt: &Attempt, retry_after: Duration) -> Self {
        Self::BackingOff { attempt: attempt.clone(), retry_after }
    }

    pub(crate) fn from_guard(attempt: Attempt, error: GuardError) -> Self {
        match error {
            GuardError::Refused(reason) => Self::Refused { attempt, reason },
            GuardError::NoAddress => Self::NoAddress { attempt },
            GuardError::Dns(source) => Self::Dns { attempt, source: source.into() },
        }
    }

    pub(crate) fn from_client(attempt: Attempt, error: reqwest::Error) -> Self {
        if let Some(verdict) = GuardError::find(&error) {
            return Self::from_guard(attempt, verdict.clone());
        }
        if error.is_builder() {
            return Self::Refused { attempt, reason: Refusal::Url };
        }
        let connecting = error.is_connect();
        let source = error.without_url().into();
        if connecting { Self::Connect { attempt, source } } else { Self::Transfer { attempt, source } }
    }
}

impl Attempt {
    pub(crate) fn new(verb: &str, url: &Url) -> Self {
        let host = match (url.host_str(), url.port()) {
            (Some(host), Some(port)) => format!("{host}:{port}"),
            (Some(host), None) => host.to_owned(),
            (None, _) => "(no host)".to_owned(),
        };
        Self { verb: verb.to_owned(), host }
    }
}

impl fmt::Display for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.verb, self.host)
    }
}
