//! How far a repository has been read.

use std::fmt;
use std::ops::Bound;
use std::str::FromStr;

use atproto::{Nsid, RecordKey};

/// How far a repository has been read, as opaque text: where a later [`Reader`](crate::Reader) goes on, in whatever mode.
///
/// Collections are read in the order of their names. Those before `collection` are done, and of it everything but the
/// keys between `above` and `below`: modes that read upwards raise the one, those that read downwards lower the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// The collection that was read last.
    pub(crate) collection: Nsid,
    /// What of it is left; `None` if nothing is.
    pub(crate) left: Option<Left>,
}

/// The keys of a collection that have not been read: those strictly between two.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Left {
    pub(crate) above: Option<RecordKey>,
    pub(crate) below: Option<RecordKey>,
}

/// Text that is not a [`Position`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not a position in a repository")]
pub struct InvalidPosition;

impl Left {
    /// As a range of keys.
    pub(crate) fn keys(&self) -> (Bound<RecordKey>, Bound<RecordKey>) {
        let bound = |key: &Option<RecordKey>| key.clone().map_or(Bound::Unbounded, Bound::Excluded);
        (bound(&self.above), bound(&self.below))
    }
}

// `/` occurs in none of the parts.
impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.collection)?;
        if let Some(Left { above, below }) = &self.left {
            let text = |key: &Option<RecordKey>| key.as_ref().map(ToString::to_string).unwrap_or_default();
            write!(f, "/{}/{}", text(above), text(below))?;
        }
        Ok(())
    }
}

impl FromStr for Position {
    type Err = InvalidPosition;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let key = |text: &str| match text {
            "" => Ok(None),
            text => RecordKey::parse(text).map(Some).map_err(|_| InvalidPosition),
        };
        let (collection, left) = match text.split('/').collect::<Vec<_>>()[..] {
            [collection] => (collection, None),
            [collection, above, below] => (collection, Some(Left { above: key(above)?, below: key(below)? })),
            _ => return Err(InvalidPosition),
        };
        Ok(Self { collection: Nsid::parse(collection).map_err(|_| InvalidPosition)?, left })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_leads_back() {
        for text in [
            "com.example.note",
            "com.example.note//",
            "com.example.note/a/",
            "com.example.note//b:~._-",
            "com.example.note/a/b",
        ] {
            assert_eq!(text.parse::<Position>().unwrap().to_string(), text);
        }
        for text in [
            "",
            "note",
            "com.example.note/",
            "com.example.note/a",
            "com.example.note/a/b/c",
            "com.example.note/../b",
        ] {
            assert_eq!(text.parse::<Position>(), Err(InvalidPosition), "{text}");
        }
    }
}
