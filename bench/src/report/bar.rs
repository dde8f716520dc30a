//! A number and the least or most it may be.

use std::fmt;

use serde::Serialize;

use super::number::Rounded;

/// A bar, and whether it is cleared.
#[derive(Debug, Serialize)]
pub struct Bar {
    /// What it is.
    pub name: String,
    /// What was measured.
    pub value: f64,
    /// What is asked.
    pub limit: Limit,
    /// The unit of both.
    pub unit: &'static str,
    /// Whether the bar is cleared.
    pub pass: bool,
}

/// Which side of a number is good.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Limit {
    /// Measured ≥ asked.
    AtLeast(f64),
    /// Measured ≤ asked.
    AtMost(f64),
}

impl Limit {
    /// Whether a measured number is on the good side; one that could not be measured never is.
    #[must_use]
    pub fn allows(self, value: f64) -> bool {
        match self {
            Self::AtLeast(least) => value >= least,
            Self::AtMost(most) => value <= most,
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtLeast(least) => write!(f, "≥ {}", Rounded(*least)),
            Self::AtMost(most) => write!(f, "≤ {}", Rounded(*most)),
        }
    }
}
