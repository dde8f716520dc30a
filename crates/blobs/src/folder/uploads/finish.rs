//! Ending an upload: it becomes a blob, or is dropped.

use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::Path;
use std::time::SystemTime;

use oci::{Digest, UploadId};

use super::progress::Progress;
use super::writer::open;
use crate::folder::lookup::{found, touch};
use crate::folder::{Folder, Inner};
use crate::{StorageError, UploadError};

impl Folder {
    /// Makes an upload the blob that it is said to be, and says its size in bytes. If its content has another digest, it is dropped.
    /// A blob that is there already stays, and counts as sent now.
    pub async fn finish(&self, id: UploadId, digest: &Digest) -> Result<u64, UploadError> {
        let (mut claim, digest) = (self.claim(id).await?, *digest);
        self.work(move |inner| {
            let file = open(inner, id, &inner.layout.upload(id))?;
            settle(inner, id, &file, &mut claim.progress, &digest)
        })
        .await
    }

    /// Drops an upload.
    pub async fn cancel(&self, id: UploadId) -> Result<(), UploadError> {
        let mut claim = self.claim(id).await?;
        self.work(move |inner| {
            let path = inner.layout.upload(id);
            claim.progress.take();
            drop_upload(inner, id, &path)?;
            Ok(())
        })
        .await
    }
}

/// Makes a file the blob of this digest, or drops it. What is known of it is known afterwards only if it could not be done.
pub(super) fn settle(
    inner: &Inner,
    id: UploadId,
    file: &File,
    known: &mut Option<Progress>,
    digest: &Digest,
) -> Result<u64, UploadError> {
    let path = inner.layout.upload(id);
    let progress = whole(file, known.take(), digest).map_err(StorageError::at("read", &path))?;
    let found = progress.digest();
    if found != *digest && !faults::mutant!("blobs-digest-not-verified") {
        drop_upload(inner, id, &path)?;
        return Err(UploadError::Digest { found });
    }
    let size = progress.offset;
    if let Err(error) = place(inner, file, &path, digest, size) {
        known.replace(progress);
        return Err(error.into());
    }
    inner.uploads.remove(id);
    Ok(size)
}

/// What is in the file, hashed as the digest is. What is known counts only if it is about all that is there.
fn whole(file: &File, known: Option<Progress>, digest: &Digest) -> io::Result<Progress> {
    let length = file.metadata()?.len();
    match known {
        Some(known) if known.offset == length && known.algorithm() == digest.algorithm() => Ok(known),
        _ => Progress::of(file, digest.algorithm()),
    }
}

/// Gives a file its name. From the first step to the last it is an upload or a blob, and never anything else.
fn place(inner: &Inner, file: &File, path: &Path, digest: &Digest, size: u64) -> Result<(), StorageError> {
    let save = || inner.fsync.blob(file).map_err(StorageError::at("save", path));
    let target = inner.layout.blob(digest);
    // Somebody who collects garbage goes by this.
    file.set_modified(SystemTime::now()).map_err(StorageError::at("touch", path))?;
    let was_there = is_there(&target, size)?;
    // It takes a while, so nobody else is kept waiting for it.
    if !was_there {
        save()?;
    }
    let _alone = inner.alone(digest);
    if is_there(&target, size)? {
        touch(&target).map_err(StorageError::at("touch", &target))?;
        fs::remove_file(path).map_err(StorageError::at("remove", path))?;
    } else {
        if was_there {
            save()?;
        }
        faults::crash_point!("blobs.before-name");
        let named = match fs::rename(path, &target) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                make_shard(inner, digest)?;
                fs::rename(path, &target)
            }
            named => named,
        };
        named.map_err(StorageError::at("name", &target))?;
        faults::crash_point!("blobs.after-name");
    }
    let dir = target.parent().unwrap_or(&target);
    inner.fsync.names(dir).map_err(StorageError::at("save the folder", dir))
}

/// The folder of a blob, if this is the first in it. Whoever would use it waits until its own name is saved, being of the same place.
fn make_shard(inner: &Inner, digest: &Digest) -> Result<(), StorageError> {
    let dir = inner.layout.shard(digest.algorithm(), digest.as_bytes()[0]);
    match fs::create_dir(&dir) {
        Ok(()) => {
            let above = inner.layout.algorithm(digest.algorithm());
            inner.fsync.names(&above).map_err(StorageError::at("save the folder", &above))
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(StorageError::at("make the folder", &dir)(error)),
    }
}

/// A blob of another size under this address is damaged, and is replaced.
fn is_there(target: &Path, size: u64) -> Result<bool, StorageError> {
    Ok(found(target)?.is_some_and(|found| found.len() == size))
}

/// Removes the file of an upload, and the upload with it. One that is gone already is fine.
pub(super) fn drop_upload(inner: &Inner, id: UploadId, path: &Path) -> Result<(), StorageError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            return Err(StorageError::at("remove", path)(error));
        }
        _ => inner.uploads.remove(id),
    }
    Ok(())
}
