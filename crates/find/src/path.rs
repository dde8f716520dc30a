//! Where a value is inside a record.

use std::fmt;
use std::str::FromStr;

/// What [`Path`] accepts, in words.
pub(crate) const RULE: &str = "names of letters, digits and _ joined by dots, each followed by [n] as needed";

/// Longest path, in bytes.
const MAX_BYTES: usize = 256;

/// Most digits of an index.
const MAX_DIGITS: usize = 9;

/// A path inside a record: `author.handle`, `tags[0]`, `links[0].url`.
///
/// A name is looked up in objects only and an index, counted from 0, in arrays only.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Path {
    pub(crate) steps: Vec<Step>,
}

/// One step down.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Step {
    /// Letters, digits and `_` only: safe inside SQL literals and JSON paths.
    Name(String),
    Index(u32),
}

/// A text that is no path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a path: {RULE}")]
pub struct InvalidPath;

impl FromStr for Path {
    type Err = InvalidPath;

    fn from_str(text: &str) -> Result<Self, InvalidPath> {
        if text.len() > MAX_BYTES {
            return Err(InvalidPath);
        }
        let mut steps = Vec::new();
        for segment in text.split('.') {
            let (name, indexes) = segment.split_at(segment.find('[').unwrap_or(segment.len()));
            if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
                return Err(InvalidPath);
            }
            steps.push(Step::Name(name.to_owned()));
            let mut rest = indexes;
            while !rest.is_empty() {
                let (digits, after) =
                    rest.strip_prefix('[').and_then(|rest| rest.split_once(']')).ok_or(InvalidPath)?;
                steps.push(Step::Index(index(digits)?));
                rest = after;
            }
        }
        Ok(Self { steps })
    }
}

fn index(digits: &str) -> Result<u32, InvalidPath> {
    if digits.len() > MAX_DIGITS || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(InvalidPath);
    }
    digits.parse().map_err(|_| InvalidPath)
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, step) in self.steps.iter().enumerate() {
            match step {
                Step::Name(name) if number == 0 => f.write_str(name)?,
                Step::Name(name) => write!(f, ".{name}")?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comes_back_as_it_was_written() {
        for path in ["a", "author.handle", "tags[0]", "links[0].url", "a_1.0[3][4].B", "0"] {
            assert_eq!(path.parse::<Path>().unwrap().to_string(), path);
        }
    }

    #[test]
    fn nothing_else_is_a_path() {
        let long = "a".repeat(257);
        for text in [
            "",
            ".",
            "a.",
            ".a",
            "a..b",
            "[0]",
            "a[",
            "a[]",
            "a[x]",
            "a[-1]",
            "a[0",
            "a[0]b",
            "a]",
            "a b",
            "$type",
            "a'b",
            "a\"b",
            "é",
            "a[1234567890]",
            "a[+1]",
            "a-b",
            "a[0]]",
            "a\0",
            &long,
        ] {
            assert_eq!(text.parse::<Path>(), Err(InvalidPath), "{text:?}");
        }
    }
}
