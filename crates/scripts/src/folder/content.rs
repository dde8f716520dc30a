//! What is in a file at one moment.

use std::fs::{File, Metadata};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{ErrorKind, Read};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::SystemTime;

/// Bytes of a script: what the engine compiles at most.
const MAX_BYTES: u64 = 1 << 20;

/// What was found under a name.
#[derive(Debug, Hash, PartialEq, Eq)]
pub(super) enum Content {
    /// The source.
    Text(String),
    /// Something that is no script; why.
    Unusable(String),
    /// Nothing.
    Gone,
}

/// What changes, as a rule, when a file does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Signature {
    bytes: u64,
    changed_at: Option<SystemTime>,
    inode: u64,
}

impl Signature {
    /// Of whatever is at the path, behind links.
    pub(super) fn of(path: &Path) -> Option<Self> {
        std::fs::metadata(path).ok().as_ref().map(Self::from)
    }
}

impl From<&Metadata> for Signature {
    fn from(metadata: &Metadata) -> Self {
        Self { bytes: metadata.len(), changed_at: metadata.modified().ok(), inode: metadata.ino() }
    }
}

impl Content {
    /// Reads a file, as far as a script goes.
    pub(super) fn read(path: &Path) -> Self {
        match Self::try_read(path) {
            Ok(content) => content,
            Err(error) if error.kind() == ErrorKind::NotFound => Self::Gone,
            Err(error) => Self::Unusable(format!("it cannot be read: {error}")),
        }
    }

    fn try_read(path: &Path) -> std::io::Result<Self> {
        // Before it is opened: a pipe would wait for somebody to write.
        if !std::fs::metadata(path)?.is_file() {
            return Ok(Self::Unusable("it is not a file".to_owned()));
        }
        let mut bytes = Vec::new();
        File::open(path)?.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > MAX_BYTES {
            return Ok(Self::Unusable(format!("it has more than the {MAX_BYTES} bytes a script may have")));
        }
        Ok(match String::from_utf8(bytes) {
            // What some editors put in front.
            Ok(text) => Self::Text(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text)),
            Err(_) => Self::Unusable("it is not UTF-8".to_owned()),
        })
    }

    /// Equal for equal contents, and hardly for others.
    pub(super) fn digest(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.hash(&mut hasher);
        hasher.finish()
    }
}
