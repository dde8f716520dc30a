//! What can be wrong with a configuration.

use std::path::PathBuf;

use super::origin::Origin;

/// A configuration that cannot be used. Messages name the place to change.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// A value that is not what its setting takes.
    #[error("{key}: {problem} ({origin})")]
    Value {
        /// The setting.
        key: &'static str,
        /// What is wrong, with what is expected.
        problem: String,
        /// Where it comes from.
        origin: Origin,
    },
    /// A key in the file that no setting has.
    #[error("{}: unknown key `{key}`{}", path.display(), suggestion(*nearest))]
    UnknownKey {
        /// The file.
        path: PathBuf,
        /// The key as written.
        key: String,
        /// The known key that looks most like it.
        nearest: Option<&'static str>,
    },
    /// A file that cannot be read.
    #[error("{}: {problem}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why not.
        problem: String,
    },
}

impl Error {
    /// What to do about it.
    pub(crate) fn help(&self) -> &'static str {
        match self {
            Self::Value { .. } => {
                "`belvedere config` lists every setting, its value and where that comes from"
            }
            Self::UnknownKey { .. } => "docs/configuration.md lists the keys; remove or rename this one",
            Self::File { .. } => "correct the file, or name another one with --config FILE",
        }
    }
}

fn suggestion(nearest: Option<&str>) -> String {
    nearest.map(|known| format!("; did you mean `{known}`?")).unwrap_or_default()
}
