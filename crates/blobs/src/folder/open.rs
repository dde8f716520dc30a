//! Taking a folder into use.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use oci::Algorithm;

use super::layout::Layout;
use super::uploads::{Progress, left};
use super::{Folder, Fsync, Inner};
use crate::StorageError;
use crate::turns::Table;

/// The one file that is not a blob or an upload. It is there for a moment.
const CHECK: &str = "belvedere-check";

const CONTENT: &[u8] = b"Belvedere may write, move and remove files here.";

impl Folder {
    /// Makes what is missing, finds out whether files can be written and moved, and takes up the uploads that an earlier process
    /// left. Waits for the disk: for when the server starts.
    pub fn open(dir: impl Into<PathBuf>, fsync: Fsync) -> Result<Self, StorageError> {
        let root = dir.into();
        let layout = Layout::new(root.clone());
        for algorithm in Algorithm::ALL {
            let dir = layout.algorithm(algorithm);
            fs::create_dir_all(&dir).map_err(StorageError::at("make the folder", &dir))?;
            // Also of folders that a process made which did not live to save them.
            fsync.names(&dir).map_err(StorageError::at("save the folder", &dir))?;
        }
        let uploads = layout.uploads();
        if make(&uploads)? {
            for dir in [&root, &root.join("blobs")] {
                fsync.names(dir).map_err(StorageError::at("save the folder", dir))?;
            }
        }
        check(&uploads.join(CHECK), &root.join("blobs").join(CHECK))?;
        Ok(Self::of(layout, fsync, left(&uploads)?))
    }

    /// The folder of another process, to be looked at: nothing is made, and uploads are not known. Whoever writes or removes blobs
    /// [opens](Self::open) it and has it to itself.
    #[must_use]
    pub fn beside(dir: impl Into<PathBuf>) -> Self {
        Self::of(Layout::new(dir.into()), Fsync::Off, Table::default())
    }

    fn of(layout: Layout, fsync: Fsync, uploads: Table<Progress>) -> Self {
        let places = (0..256).map(|_| Mutex::default()).collect();
        Self(Arc::new(Inner { layout, fsync, uploads, buffers: Arc::default(), places }))
    }
}

/// Whether the folder was not there before.
fn make(dir: &Path) -> Result<bool, StorageError> {
    match fs::create_dir(dir) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::AlreadyExists && dir.is_dir() => Ok(false),
        Err(error) => Err(StorageError::at("make the folder", dir)(error)),
    }
}

/// Does with a tiny file what will be done with blobs.
fn check(upload: &Path, blob: &Path) -> Result<(), StorageError> {
    fs::write(upload, CONTENT).map_err(StorageError::at("write", upload))?;
    fs::rename(upload, blob).map_err(StorageError::at("move the check file to", blob))?;
    fs::remove_file(blob).map_err(StorageError::at("remove", blob))
}
