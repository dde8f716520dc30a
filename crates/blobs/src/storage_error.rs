//! What can go wrong where bytes are kept.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use tokio::task::JoinError;

/// The disk, the bucket or the database does not do what it is asked. Says where: for the operator, and not for strangers.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct StorageError(Cause);

#[derive(Debug, thiserror::Error)]
enum Cause {
    #[error("cannot {doing} {}: {source}", path.display())]
    Disk { doing: &'static str, path: PathBuf, source: io::Error },
    #[error("cannot {doing} {key} in the bucket: {source}")]
    Bucket { doing: &'static str, key: String, source: object_store::Error },
    #[error("the database of blobs: {0}")]
    Database(store::Error),
    #[error("what was at work with blobs has ended: {0}")]
    Ended(JoinError),
}

impl StorageError {
    /// For `map_err`.
    pub(crate) fn at<'a>(doing: &'static str, path: &'a Path) -> impl FnOnce(io::Error) -> Self + 'a {
        move |source| Self(Cause::Disk { doing, path: path.to_owned(), source })
    }

    /// For `map_err`.
    pub(crate) fn object<'a>(
        doing: &'static str,
        key: &'a object_store::path::Path,
    ) -> impl FnOnce(object_store::Error) -> Self + 'a {
        move |source| Self(Cause::Bucket { doing, key: key.to_string(), source })
    }

    /// The server ends, or what was at work has panicked.
    pub(crate) fn ended(error: JoinError) -> Self {
        Self(Cause::Ended(error))
    }

    /// Whether there is no space left, for this user or at all.
    #[must_use]
    pub fn is_full(&self) -> bool {
        match &self.0 {
            Cause::Disk { source, .. } => {
                matches!(source.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded)
            }
            Cause::Database(error) => error.kind() == store::ErrorKind::Storage,
            Cause::Bucket { .. } | Cause::Ended(_) => false,
        }
    }

    /// What whoever runs the server can do about it.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        match &self.0 {
            Cause::Disk { source, .. } => of_disk(source.kind()),
            Cause::Bucket { source, .. } => of_bucket(source),
            Cause::Database(_) => "check that the database can be reached and has space",
            Cause::Ended(_) => "nothing, if the server is being stopped; otherwise report what it logged",
        }
    }
}

fn of_disk(kind: ErrorKind) -> &'static str {
    match kind {
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

fn of_bucket(error: &object_store::Error) -> &'static str {
    match error {
        object_store::Error::PermissionDenied { .. } | object_store::Error::Unauthenticated { .. } => {
            "check key, secret and region of the bucket; the key must be allowed to put, get, list and delete objects"
        }
        object_store::Error::NotFound { .. } => {
            "check the name of the bucket, and that nothing else removes objects from it"
        }
        _ => "check that the service of the bucket runs and can be reached from here",
    }
}

impl From<store::Error> for StorageError {
    fn from(error: store::Error) -> Self {
        Self(Cause::Database(error))
    }
}
