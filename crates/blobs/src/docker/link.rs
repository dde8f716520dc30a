//! Files that are opened with care.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use oci::Digest;
use rustix::fs::OFlags;

use super::{LayoutError, Odd};

/// A link is a digest, perhaps with a new line behind it.
const MAX: u64 = 200;

/// Opens a file, if there is one. What is no file does not become one, and nobody waits for it.
pub fn open(path: &Path) -> Result<Option<File>, LayoutError> {
    let odd = || LayoutError::odd(path, Odd::Kind);
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_file() => {}
        Ok(_) => return Err(odd()),
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(LayoutError::io(path)(error)),
    }
    // Somebody may have put something else there since.
    let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed();
    let file = OpenOptions::new().read(true).custom_flags(flags).open(path).map_err(LayoutError::io(path))?;
    if file.metadata().map_err(LayoutError::io(path))?.is_file() { Ok(Some(file)) } else { Err(odd()) }
}

/// The digest that a link names, if there is one.
pub(super) fn read(path: &Path) -> Result<Option<Digest>, LayoutError> {
    let Some(file) = open(path)? else { return Ok(None) };
    let mut bytes = Vec::new();
    file.take(MAX + 1).read_to_end(&mut bytes).map_err(LayoutError::io(path))?;
    let digest = std::str::from_utf8(&bytes).ok().and_then(|text| Digest::parse(text.trim_end()).ok());
    digest.map(Some).ok_or_else(|| LayoutError::odd(path, Odd::Link))
}
