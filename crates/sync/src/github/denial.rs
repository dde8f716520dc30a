//! Why somebody comes back from GitHub without being connected.

use crate::Error;

/// What the web app is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Denial {
    /// Nobody can say whose wish it was, or that is too long ago, or was fulfilled already.
    InvalidState,
    /// GitHub is not configured here.
    ServerConfig,
    /// GitHub's own word, such as `access_denied`.
    Github(String),
    /// GitHub does not say who they are.
    UserFetchFailed,
    /// Anything else.
    ServerError,
}

impl Denial {
    /// GitHub's word, if it is one: whatever is in an address may have been put there by anybody.
    pub(super) fn by_github(word: &str) -> Self {
        let is_word = (1..=64).contains(&word.len())
            && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
        if is_word { Self::Github(word.to_owned()) } else { Self::ServerError }
    }

    pub(super) fn word(&self) -> &str {
        match self {
            Self::InvalidState => "invalid_state",
            Self::ServerConfig => "server_config",
            Self::Github(word) => word,
            Self::UserFetchFailed => "github_user_fetch_failed",
            Self::ServerError => "server_error",
        }
    }
}

impl From<Error> for Denial {
    fn from(error: Error) -> Self {
        tracing::warn!(%error, "somebody was not connected to GitHub");
        Self::ServerError
    }
}
