//! How much of what jobs bring along is kept: scripts write it, and pages of it are read at once.

use serde_json::value::RawValue;

use crate::JobError;

/// Longest input, as JSON, in bytes.
pub(crate) const MAX_INPUT: usize = 256 << 10;

/// Longest result, as JSON, in bytes.
pub(crate) const MAX_RESULT: usize = 256 << 10;

/// Longest progress, as JSON, in bytes.
pub(crate) const MAX_PROGRESS: usize = 64 << 10;

/// Jobs that have not ended, of everybody together.
pub(crate) const MAX_OPEN: i64 = 10_000;

/// Jobs that have not ended, of one creator.
pub(crate) const MAX_OPEN_OF_ONE: i64 = 1000;

/// Jobs that have ended and are kept; the oldest go first.
pub(crate) const MAX_ENDED: i64 = 100_000;

/// Workers that may die while they run a job before it is given up.
pub(crate) const MAX_CRASHES: u32 = 5;

/// Longest idempotency key, in bytes.
const MAX_KEY: usize = 512;

/// Longest message of a failure or of a log line, in bytes.
const MAX_MESSAGE: usize = 4 << 10;

/// Lines kept of one job; the oldest go first.
pub(crate) const MAX_LINES: i64 = 1000;

/// Lines of one job that wait for the database. Beyond them, new ones are dropped.
pub(crate) const MAX_WAITING_LINES: usize = 200;

/// Refuses what is too long.
fn size(what: &'static str, text: &str, limit: usize) -> Result<(), JobError> {
    if text.len() <= limit { Ok(()) } else { Err(JobError::TooLarge { what, bytes: text.len(), limit }) }
}

/// Refuses a key that is too long, or that one of the engines has no place for.
pub(crate) fn key(key: &str) -> Result<(), JobError> {
    size("key", key, MAX_KEY)?;
    if key.contains('\0') { Err(JobError::Key) } else { Ok(()) }
}

/// Refuses what is too long or not JSON.
pub(crate) fn json(what: &'static str, text: &str, limit: usize) -> Result<(), JobError> {
    size(what, text, limit)?;
    match serde_json::from_str::<&RawValue>(text) {
        Ok(_) => Ok(()),
        Err(error) => Err(JobError::Json { what, cause: error.to_string() }),
    }
}

/// Text that both engines store, of a size that hurts nobody: PostgreSQL has no place for NUL.
pub(crate) fn message(text: &str) -> String {
    text[..text.floor_char_boundary(MAX_MESSAGE)].replace('\0', "\u{fffd}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_long_or_not_json_is_refused() {
        assert!(json("input", "{\"a\": [1, null]}", 20).is_ok());
        assert!(matches!(json("input", "[1, 2, 3]", 8), Err(JobError::TooLarge { bytes: 9, .. })));
        for bad in ["", "{", "nil", "1 2", "\"\0\"", "{'a': 1}"] {
            assert!(matches!(json("input", bad, 20), Err(JobError::Json { .. })), "{bad:?}");
        }
    }

    #[test]
    fn messages_are_cut_between_characters() {
        assert_eq!(message("a\0b"), "a\u{fffd}b");
        assert_eq!(message(&"é".repeat(MAX_MESSAGE)).len(), MAX_MESSAGE);
    }
}
