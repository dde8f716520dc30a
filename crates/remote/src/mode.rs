//! In which way collections are read.

use std::fmt;
use std::str::FromStr;

/// In which way the collections of a repository are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Mode {
    /// In the way that is expected to be the quickest, decided for each repository.
    #[default]
    Auto,
    /// Page by page (`com.atproto.repo.listRecords`), on the host's word.
    Pages,
    /// The whole repository in one answer (`com.atproto.sync.getRepo`), proven.
    Export,
    /// Those blocks of the repository that the collections need (`com.atproto.sync.getBlocks`), proven.
    Blocks,
}

/// Text that names no [`Mode`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown mode, use one of: auto, pages, export, blocks")]
pub struct UnknownMode;

impl Mode {
    /// Its name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Pages => "pages",
            Self::Export => "export",
            Self::Blocks => "blocks",
        }
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Mode {
    type Err = UnknownMode;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let all = [Self::Auto, Self::Pages, Self::Export, Self::Blocks];
        all.into_iter().find(|mode| mode.as_str() == text).ok_or(UnknownMode)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back() {
        for mode in [Mode::Auto, Mode::Pages, Mode::Export, Mode::Blocks] {
            assert_eq!(mode.to_string().parse(), Ok(mode));
        }
        assert_eq!("Pages".parse::<Mode>(), Err(UnknownMode));
    }
}
