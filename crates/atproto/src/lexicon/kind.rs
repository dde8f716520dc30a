//! What a lexicon is for.

use std::fmt;

/// The effect a lexicon has on the server, decided by the type of its `main` definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LexiconType {
    /// A collection: its records are indexed.
    Record,
    /// A method called with GET.
    Query,
    /// A method called with POST.
    Procedure,
    /// A type of permissioned space.
    Space,
    /// Anything else, or no `main` at all: stored, and looked into by others.
    Definitions,
}

impl LexiconType {
    /// The word for it in the database and the admin API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Record => "record",
            Self::Query => "query",
            Self::Procedure => "procedure",
            Self::Space => "space",
            Self::Definitions => "definitions",
        }
    }

    /// The type of a lexicon whose `defs.main.type` is this word, if it has one.
    pub(super) fn of_main(main_type: Option<&str>) -> Self {
        match main_type {
            Some("record") => Self::Record,
            Some("query") => Self::Query,
            Some("procedure") => Self::Procedure,
            Some("space") => Self::Space,
            _ => Self::Definitions,
        }
    }
}

impl fmt::Display for LexiconType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
