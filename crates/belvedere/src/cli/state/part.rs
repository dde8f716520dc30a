//! A file that is there only when it is complete.

use std::fs::{File, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// Only its owner may read it: it may hold what nobody else shall see.
const MODE: u32 = 0o600;

/// A file on its way: written as `FILE.part`, and called `FILE` when everything is on the disk. Gone if it is dropped
/// before.
#[derive(Debug)]
pub(super) struct Part {
    path: PathBuf,
    unfinished: PathBuf,
    file: File,
    kept: bool,
}

impl Part {
    /// Begins `path`. What has that name now stays until [`keep`](Self::keep).
    pub(super) fn create(path: &Path) -> io::Result<Self> {
        let mut name = path.file_name().ok_or(io::ErrorKind::IsADirectory)?.to_owned();
        name.push(".part");
        let unfinished = path.with_file_name(name);
        let file = OpenOptions::new().write(true).create(true).truncate(true).mode(MODE).open(&unfinished)?;
        // It may have been left behind with other rights.
        file.set_permissions(Permissions::from_mode(MODE))?;
        Ok(Self { path: path.to_owned(), unfinished, file, kept: false })
    }

    /// To write with.
    pub(super) fn writer(&self) -> io::Result<File> {
        self.file.try_clone()
    }

    /// Gives it its name, for good also if the power fails now. Returns its length.
    pub(super) fn keep(mut self) -> io::Result<u64> {
        self.file.sync_all()?;
        let bytes = self.file.metadata()?.len();
        std::fs::rename(&self.unfinished, &self.path)?;
        self.kept = true;
        let dir = self.path.parent().filter(|dir| !dir.as_os_str().is_empty());
        File::open(dir.unwrap_or(Path::new(".")))?.sync_all()?;
        Ok(bytes)
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        if !self.kept
            && let Err(error) = std::fs::remove_file(&self.unfinished)
        {
            tracing::warn!(%error, path = %self.unfinished.display(), "an incomplete file is left behind");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn it_is_there_when_it_is_kept_and_else_not() {
        let dir = tempfile::tempdir().unwrap();
        let (path, part) = (dir.path().join("a"), dir.path().join("a.part"));
        std::fs::write(&path, "old").unwrap();
        std::fs::write(&part, "left behind by another one").unwrap();
        drop(Part::create(&path).unwrap());
        assert!(!part.exists());
        assert_eq!(std::fs::read(&path).unwrap(), b"old");

        let new = Part::create(&path).unwrap();
        new.writer().unwrap().write_all(b"new").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"old");
        assert_eq!(new.keep().unwrap(), 3);
        assert_eq!(std::fs::read(&path).unwrap(), b"new");
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert!(!part.exists());
        assert!(Part::create(Path::new("/")).is_err());
    }
}
