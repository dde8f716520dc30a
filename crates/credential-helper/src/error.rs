//! What can go wrong, in words for whoever called the program.

use std::io;
use std::path::PathBuf;

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nobody is logged in. Clients know these words and go on without.
    #[error("credentials not found in native keychain")]
    NotFound,
    /// Arguments that make no sense; what is right.
    #[error("{0}")]
    Usage(String),
    /// What a client wrote is not what clients write.
    #[error("{0}")]
    Input(&'static str),
    /// Not the name of a registry.
    #[error("`{0}` is not the name of a registry; write it like registry.example.com or 127.0.0.1:5000")]
    Host(String),
    /// There is no such account.
    #[error("{account} is not logged in at {host}; `status` shows who is")]
    NoAccount {
        /// Where.
        host: String,
        /// Who.
        account: String,
    },
    /// No folder for one's configuration.
    #[error("neither XDG_CONFIG_HOME nor HOME is set: there is no place to keep secrets in")]
    NoHome,
    /// A file cannot be read or written.
    #[error("{path}: {source}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file has something else in it.
    #[error("{path} is not what it should be: {source}; correct or remove it")]
    Malformed {
        /// Which.
        path: PathBuf,
        /// What is wrong.
        source: serde_json::Error,
    },
    /// The streams are closed.
    #[error("cannot read or write: {0}")]
    Stream(#[from] io::Error),
    /// The registry does not answer, or not so.
    #[error("the registry does not answer as it should: {0}")]
    Registry(String),
    /// Nobody approved in time.
    #[error("nobody approved the device in time; run `login` again")]
    Expired,
    /// Somebody said no.
    #[error("the device was turned away")]
    Denied,
}

impl Error {
    pub(crate) fn file(path: &std::path::Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::File { path, source }
    }
}

impl From<reqwest::Error> for Error {
    fn from(error: reqwest::Error) -> Self {
        // The text of the outermost error says little more than that there is one.
        let cause = std::error::Error::source(&error).map(|cause| format!(": {cause}")).unwrap_or_default();
        Self::Registry(format!("{error}{cause}"))
    }
}
