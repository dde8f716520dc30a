//! What may be asked for.

use std::fmt;
use std::str::FromStr;

/// What of a collection may be asked for when it is not here. Ordered: each allows what the one before does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Policy {
    /// Nothing.
    Off,
    /// Single records.
    #[default]
    Get,
    /// Single records, and the newest ones of an author.
    GetAndList,
}

/// Text that names no [`Policy`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown policy, use one of: off, get, get+list")]
pub struct UnknownPolicy;

impl Policy {
    /// All there are.
    pub const ALL: [Self; 3] = [Self::Off, Self::Get, Self::GetAndList];

    /// Its name: `off`, `get` or `get+list`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Get => "get",
            Self::GetAndList => "get+list",
        }
    }
}

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Policy {
    type Err = UnknownPolicy;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|policy| policy.as_str() == text).ok_or(UnknownPolicy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back_and_more_allows_more() {
        for policy in Policy::ALL {
            assert_eq!(policy.to_string().parse(), Ok(policy));
        }
        assert_eq!("on".parse::<Policy>(), Err(UnknownPolicy));
        assert!(Policy::ALL.is_sorted());
    }
}
