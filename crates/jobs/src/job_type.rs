//! What sort of work a job is.

use std::fmt;
use std::str::FromStr;

use crate::JobError;

/// Longest type, in bytes.
const MAX_BYTES: usize = 128;

/// The name of a sort of work: `^[a-z0-9][a-z0-9._-]*$`, 1 to 128 characters (spec/appview.md §5.1).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct JobType(String);

impl JobType {
    /// As it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for JobType {
    type Err = JobError;

    fn from_str(text: &str) -> Result<Self, JobError> {
        let is_alphanumeric = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        let is_inner = |byte: &u8| is_alphanumeric(byte) || b"._-".contains(byte);
        let bytes = text.as_bytes();
        let is_type = bytes.len() <= MAX_BYTES
            && bytes.first().is_some_and(is_alphanumeric)
            && bytes.iter().all(is_inner);
        if is_type {
            return Ok(Self(text.to_owned()));
        }
        let shown = text.floor_char_boundary(MAX_BYTES);
        Err(JobError::Type(text[..shown].to_owned()))
    }
}

impl fmt::Display for JobType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_what_a_trigger_can_end_with() {
        for good in ["a", "0", "notify", "send.mail_2-b", &"a".repeat(128)] {
            assert_eq!(good.parse::<JobType>().unwrap().as_str(), good);
        }
        for bad in ["", "-a", ".a", "_a", "A", "aB", "a b", "a:b", "a/b", "é", "a\0", &"a".repeat(129)] {
            assert!(matches!(bad.parse::<JobType>(), Err(JobError::Type(_))), "{bad:?}");
        }
    }
}
