//! How much an event should worry its reader.

use std::{fmt, str::FromStr};

use crate::Error;

/// The weight of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Something was done.
    Info,
    /// Something is odd and may need a look.
    Warn,
    /// Something failed or was refused.
    Error,
}

impl Severity {
    /// As stored and sent: `info`, `warn`, `error`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Severity {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let all = [Self::Info, Self::Warn, Self::Error];
        all.into_iter()
            .find(|severity| severity.name() == text)
            .ok_or_else(|| Error::Severity(text.to_owned()))
    }
}
