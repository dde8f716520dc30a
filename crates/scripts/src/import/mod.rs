//! Taking over scripts, variables and dead letters of another server.

mod dead_letter;
mod script;
mod variable;

pub use dead_letter::ImportedDeadLetter;

use clock::now_micros;

/// When something was made and last changed there, in microseconds; `None`: unknown, so it is now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Times {
    /// Made.
    pub created_at: Option<i64>,
    /// Last changed.
    pub updated_at: Option<i64>,
}

impl Times {
    fn made(self) -> i64 {
        self.created_at.unwrap_or_else(now_micros)
    }

    fn changed(self) -> i64 {
        self.updated_at.unwrap_or_else(|| self.made())
    }
}
