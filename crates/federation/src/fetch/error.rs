//! Why another server gave nothing.

use http::StatusCode;

/// It is shown to whoever asked, and says nothing of this server's own network.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// 404 or 410: there is nothing, and its server says so.
    #[error("there is nothing at this address")]
    Gone,
    /// It was not asked: its address is none that may be.
    #[error("this address may not be asked: {0}")]
    Refused(String),
    /// It did not answer, or not now.
    #[error("the server did not answer: {0}")]
    Unreachable(String),
    /// It answered with another status than success.
    #[error("the server answered {0}")]
    Status(StatusCode),
    /// What it answered is not what was asked for.
    #[error("the server's answer is not what it should be: {0}")]
    Malformed(String),
    /// One request would have caused too many others.
    #[error("this needs more requests to other servers than one call may cause")]
    Budget,
    /// The request could not be signed.
    #[error("this server could not sign its request")]
    Unsigned,
}

impl FetchError {
    /// Whether asking again later may help.
    pub(crate) fn is_transient(&self) -> bool {
        match self {
            Self::Unreachable(_) => true,
            Self::Status(status) => {
                status.is_server_error() || matches!(status.as_u16(), 401 | 403 | 408 | 425 | 429)
            }
            _ => false,
        }
    }

    /// Whether it says something of the address, which is the same for whoever asks next.
    pub(super) fn is_lasting(&self) -> bool {
        !self.is_transient() && !matches!(self, Self::Budget | Self::Unsigned)
    }
}

impl From<outbound::Error> for FetchError {
    fn from(error: outbound::Error) -> Self {
        match error {
            outbound::Error::Refused { .. } => Self::Refused(error.to_string()),
            outbound::Error::TooLarge { .. } => Self::Malformed(error.to_string()),
            error => Self::Unreachable(error.to_string()),
        }
    }
}
