//! What is wrong with a value, and where in it.

use std::fmt::Write as _;

use crate::excerpt::excerpt;

/// Bytes of a path in a message at most.
const MAX_PATH: usize = 300;

/// A value that is not what its lexicon says.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {problem}")]
pub struct Invalid {
    /// Where it is, as a JSON Pointer: `/embed/images/0/alt`; `/` is the value as a whole.
    pub path: String,
    /// What is wrong there, such as "longer than 300 graphemes". Repeats at most short excerpts of the value.
    pub problem: String,
}

/// The same while it is on its way out of the value: the innermost step comes first.
#[derive(Debug)]
pub(super) struct Fault {
    steps: Vec<String>,
    problem: String,
}

/// What checks come to. On the way in nothing is allocated; only a fault builds its path.
pub(super) type Checked = Result<(), Box<Fault>>;

impl Fault {
    pub(super) fn new<T>(problem: impl Into<String>) -> Result<T, Box<Self>> {
        Err(Box::new(Self { steps: Vec::new(), problem: problem.into() }))
    }

    /// A value of the wrong type.
    pub(super) fn type_of<T>(expected: &str, found: &str) -> Result<T, Box<Self>> {
        Self::new(format!("must be {expected}, but it is {found}"))
    }

    /// It is inside the field of this name.
    #[expect(clippy::unnecessary_box_returns, reason = "it comes in a box and goes on in it")]
    pub(super) fn in_field(mut self: Box<Self>, name: &str) -> Box<Self> {
        // As RFC 6901 has it.
        self.steps.push(excerpt(name).replace('~', "~0").replace('/', "~1"));
        self
    }

    /// It is inside the item of this number.
    #[expect(clippy::unnecessary_box_returns, reason = "it comes in a box and goes on in it")]
    pub(super) fn in_item(mut self: Box<Self>, number: usize) -> Box<Self> {
        self.steps.push(number.to_string());
        self
    }

    pub(super) fn finish(self) -> Invalid {
        let mut path = String::new();
        for step in self.steps.iter().rev() {
            if path.len() + step.len() > MAX_PATH {
                path.push_str("/…");
                break;
            }
            // Writing to a string does not fail.
            let _ = write!(path, "/{step}");
        }
        if path.is_empty() {
            path.push('/');
        }
        Invalid { path, problem: self.problem }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_pointers_of_bounded_length() {
        let fault: Result<(), _> = Fault::new("longer than 3 bytes");
        let fault = fault.unwrap_err().in_field("a/b").in_item(7).in_field("c~");
        assert_eq!(fault.finish().to_string(), "/c~0/7/a~1b: longer than 3 bytes");
        let mut deep = Fault::new::<()>("x").unwrap_err();
        for _ in 0..100 {
            deep = deep.in_field(&"k".repeat(200));
        }
        let invalid = deep.finish();
        assert!(invalid.path.len() < 400 && invalid.path.ends_with("/…"));
        assert_eq!(Fault::new::<()>("x").unwrap_err().finish().path, "/");
    }
}
