//! What can go wrong with a folder.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use tokio::task::JoinError;

/// The disk does not do what it is asked. Says the path: for the operator, and not for strangers.
#[derive(Debug, thiserror::Error)]
#[error("cannot {doing} {}: {source}", path.display())]
pub struct StorageError {
    doing: &'static str,
    path: PathBuf,
    source: io::Error,
}

impl StorageError {
    /// For `map_err`.
    pub(super) fn at<'a>(doing: &'static str, path: &'a Path) -> impl FnOnce(io::Error) -> Self + 'a {
        move |source| Self { doing, path: path.to_owned(), source }
    }

    /// The server ends, or what was at work has panicked.
    pub(super) fn ended(error: JoinError) -> Self {
        Self {
            doing: "go on in",
            path: PathBuf::from("the folder of blobs"),
            source: io::Error::other(error),
        }
    }

    /// Whether there is no space left, for this user or at all.
    #[must_use]
    pub fn is_full(&self) -> bool {
        matches!(self.source.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded)
    }

    /// What whoever runs the server can do about it.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        match self.source.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
                "make space on the volume, or move the folder to a larger one"
            }
            ErrorKind::PermissionDenied => {
                "give the folder to the user that the server runs as, or name another folder"
            }
            ErrorKind::ReadOnlyFilesystem => "mount the volume so that it can be written to",
            ErrorKind::CrossesDevices => "keep the folders blobs and uploads on one volume",
            ErrorKind::NotADirectory | ErrorKind::AlreadyExists => "name a folder: a file is in the way",
            _ => "check that the folder is on a disk of this machine that works and can be written to",
        }
    }
}
