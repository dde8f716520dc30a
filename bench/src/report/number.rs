//! Numbers for people.

use std::fmt;

/// Three significant digits, and all digits before the point; `-` for what was not measured.
pub(super) struct Rounded(pub(super) f64);

impl fmt::Display for Rounded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let decimals = match self.0.abs() {
            size if size.is_nan() => return f.pad("-"),
            size if size == 0.0 || size >= 100.0 => 0,
            size if size >= 10.0 => 1,
            size if size >= 1.0 => 2,
            _ => 3,
        };
        f.pad(&format!("{:.decimals$}", self.0))
    }
}
