//! What becomes of what is not as its lexicon says.

use std::fmt;
use std::str::FromStr;

use atproto::lexicon::{Lexicon, LexiconType};

use crate::Error;

/// How strictly a lexicon is taken. Parameters are compared with it in any case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Validation {
    /// Records are indexed as they come, and procedures take any body.
    #[default]
    Off,
    /// Records are indexed, and what is wrong with them is kept beside them; procedures refuse what is wrong.
    Flag,
    /// Records that are wrong are not indexed; procedures refuse what is wrong.
    Reject,
}

impl Validation {
    /// The word for it in the database and the admin API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Flag => "flag",
            Self::Reject => "reject",
        }
    }

    /// What is kept of it: nothing where it is off.
    pub(super) fn kept(self) -> Option<&'static str> {
        (self != Self::Off).then_some(self.as_str())
    }

    /// Refuses to take a lexicon strictly that is about nothing that is checked, or that cannot be understood in full: what it
    /// would let through is not what its author means.
    pub(super) fn check(self, lexicon: &Lexicon) -> Result<(), Error> {
        if self == Self::Off {
            return Ok(());
        }
        if !matches!(lexicon.kind(), LexiconType::Record | LexiconType::Procedure) {
            return Err(Error::NothingToValidate(lexicon.kind()));
        }
        match lexicon.unreadable() {
            Some(sentence) => Err(Error::NotUnderstood(sentence.to_owned())),
            None => Ok(()),
        }
    }
}

impl FromStr for Validation {
    type Err = Error;

    fn from_str(word: &str) -> Result<Self, Error> {
        [Self::Off, Self::Flag, Self::Reject]
            .into_iter()
            .find(|validation| validation.as_str() == word)
            .ok_or_else(|| Error::Validation(word.chars().take(40).collect()))
    }
}

impl fmt::Display for Validation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
