//! Where the value of a setting comes from.

use std::fmt;
use std::path::PathBuf;

/// Who said it. Ordered: a later one is stronger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// Nobody; the setting's own default.
    Default,
    /// The configuration file.
    File(PathBuf),
    /// `.env` in the working directory.
    DotEnv(String),
    /// The environment of the process.
    Variable(String),
    /// The command line.
    Flag(&'static str),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(path) => write!(f, "file {}", path.display()),
            Self::DotEnv(name) => write!(f, "variable {name} in .env"),
            Self::Variable(name) => write!(f, "environment variable {name}"),
            Self::Flag(name) => write!(f, "flag --{name}"),
        }
    }
}
