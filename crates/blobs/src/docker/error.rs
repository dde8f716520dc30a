//! What can go wrong with somebody else's folder.

use std::io;
use std::path::{Path, PathBuf};

/// Reading can go on behind each of them.
#[derive(Debug, thiserror::Error)]
pub enum LayoutError {
    /// There is no such folder as a registry has.
    #[error(
        "{} is not the folder of a registry: name the one that has docker/registry/v2 in it (its setting is storage.filesystem.rootdirectory)",
        .0.display()
    )]
    NotOne(PathBuf),
    /// The disk does not do what it is asked.
    #[error("cannot read {}: {source}", path.display())]
    Io {
        /// Where.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// What is there is not what a registry leaves there. It is passed over.
    #[error("{} is passed over: {why}", path.display())]
    Odd {
        /// Where.
        path: PathBuf,
        /// Why.
        why: Odd,
    },
}

/// Why something is passed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Odd {
    /// No repository, tag or digest is called so.
    #[error("that is no name")]
    Name,
    /// A link to elsewhere, a pipe, a folder in the place of a file, or the other way round.
    #[error("it is of another kind")]
    Kind,
    /// It does not say of which content it is, or of another than its name does.
    #[error("it names no content, or another than it should")]
    Link,
}

impl LayoutError {
    /// For `map_err`.
    pub(super) fn io(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { path, source }
    }

    pub(super) fn odd(path: &Path, why: Odd) -> Self {
        Self::Odd { path: path.to_owned(), why }
    }
}
