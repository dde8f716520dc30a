//! What can go wrong with a copy.

use std::io;
use std::path::PathBuf;

use blobs::docker::LayoutError;
use http::StatusCode;
use oci::Digest;

/// Why something was not read or not written. The text is for whoever runs the copy.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A registry does not answer, or may not be asked.
    #[error(transparent)]
    Unreachable(#[from] outbound::Error),
    /// It wants to know who asks, or does not let them.
    #[error("{host} does not allow to {action}: {message}")]
    Denied {
        /// Which registry.
        host: String,
        /// What was asked of it.
        action: String,
        /// In its own words, shortened.
        message: String,
    },
    /// It answers with something else than a success.
    #[error("{host} answered {status} when asked to {action}: {message}")]
    Status {
        /// Which registry.
        host: String,
        /// What was asked of it.
        action: String,
        /// Its answer.
        status: StatusCode,
        /// In its own words, shortened.
        message: String,
    },
    /// It says what no registry says.
    #[error("{host} is not a registry that can be read: {why}")]
    Strange {
        /// Which registry.
        host: String,
        /// What it did.
        why: String,
    },
    /// There is more of something than is looked at.
    #[error("there are more than {limit} {what}")]
    TooMuch {
        /// Of what.
        what: &'static str,
        /// How many are.
        limit: usize,
    },
    /// It is named, and is not there.
    #[error("{0} is named, and the source does not have it")]
    Missing(String),
    /// What came is not what was asked for.
    #[error("the source sent other bytes than those of {0}")]
    Damaged(Digest),
    /// No manifest, or one of a kind that cannot be taken.
    #[error("it cannot be taken: {0}")]
    Manifest(#[from] oci::Error),
    /// A folder of Docker's registry.
    #[error(transparent)]
    Layout(#[from] LayoutError),
    /// A file.
    #[error("cannot read {}: {source}", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A folder that is none of images.
    #[error("{} is no folder of images: {why}", path.display())]
    NotALayout {
        /// Which.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// The bytes of a layer stopped coming.
    #[error("nothing came for a minute")]
    Stalled,
}

impl Error {
    /// Whether the same may work in a moment.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Unreachable(error) => error.is_transient(),
            Self::Status { status, .. } => status.is_server_error(),
            Self::Stalled => true,
            _ => false,
        }
    }
}
