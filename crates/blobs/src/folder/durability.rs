//! What a power cut may cost.

use std::fs::File;
use std::io;
use std::path::Path;

/// When bytes are forced to the disk. The end of the process alone costs nothing in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fsync {
    /// After each part of an upload as well: an offset that was told holds after a power cut.
    Full,
    /// When an upload ends: a blob that was acknowledged stays. What was under way may be lost.
    Finish,
    /// Never: after a power cut blobs may be missing or damaged. For tests, and for what can be had again.
    Off,
}

impl Fsync {
    /// A blob, before it is known by its name.
    pub(super) fn blob(self, file: &File) -> io::Result<()> {
        if self == Self::Off { Ok(()) } else { file.sync_all() }
    }

    /// That names in a folder have changed because of a blob.
    pub(super) fn names(self, dir: &Path) -> io::Result<()> {
        if self == Self::Off { Ok(()) } else { File::open(dir)?.sync_all() }
    }

    /// A part of an upload.
    pub(super) fn part(self, file: &File) -> io::Result<()> {
        if self == Self::Full { file.sync_data() } else { Ok(()) }
    }

    /// That there is a new upload.
    pub(super) fn upload(self, dir: &Path) -> io::Result<()> {
        if self == Self::Full { self.names(dir) } else { Ok(()) }
    }
}
