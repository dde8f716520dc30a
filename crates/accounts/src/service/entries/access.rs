//! Which methods an entry lets other servers call.

use std::{fmt, str::FromStr};

use crate::service::ServiceError;

/// What an entry admits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccessMode {
    /// Every method.
    All,
    /// The methods on its list.
    Specific,
}

impl AccessMode {
    /// As stored and sent.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Specific => "specific",
        }
    }
}

impl fmt::Display for AccessMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for AccessMode {
    type Err = ServiceError;

    fn from_str(text: &str) -> Result<Self, ServiceError> {
        [Self::All, Self::Specific]
            .into_iter()
            .find(|mode| mode.name() == text)
            .ok_or_else(|| ServiceError::UnknownAccessMode(text.chars().take(40).collect()))
    }
}
