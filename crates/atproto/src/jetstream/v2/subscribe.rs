//! What a subscriber asks for.

use std::fmt::Write;

use super::DICTIONARY_ID;
use crate::Nsid;
use crate::jetstream::{MAX_COLLECTIONS, SubscribeError};

/// The parameters of a subscription. The default asks for everything from now on, uncompressed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Subscribe {
    /// Only commits to these collections; empty: to all.
    pub collections: Vec<Nsid>,
    /// Replay from this time in microseconds on, as far back as the server remembers; `None`: from now. Servers take their own numbers
    /// as well, but a time means the same to every server.
    pub cursor_us: Option<i64>,
    /// Frames come compressed with [`DICTIONARY`](super::DICTIONARY).
    pub compress: bool,
}

impl Subscribe {
    /// The query of the subscription's URL, without the question mark.
    pub fn query(&self) -> Result<String, SubscribeError> {
        /// Smaller numbers are taken for those of events.
        const FIRST_TIME: i64 = 1_000_000_000_000_000;
        if self.collections.len() > MAX_COLLECTIONS {
            return Err(SubscribeError::TooManyCollections(self.collections.len()));
        }
        let mut query = String::new();
        for collection in &self.collections {
            push(&mut query, "collections", collection.as_str());
        }
        if let Some(cursor) = self.cursor_us {
            push(&mut query, "cursor", &cursor.max(FIRST_TIME).to_string());
        }
        if self.compress {
            push(&mut query, "zstdDictionary", &DICTIONARY_ID.to_string());
        }
        Ok(query)
    }
}

/// Nothing is percent-encoded: NSIDs and numbers have no character that means something in a query.
fn push(query: &mut String, key: &str, value: &str) {
    let separator = if query.is_empty() { "" } else { "&" };
    // Writing to a string cannot fail.
    let _ = write!(query, "{separator}{key}={value}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn asks_for_times_and_never_for_numbers() {
        let collection = Nsid::parse("com.example.note").unwrap();
        let mut subscribe =
            Subscribe { collections: vec![collection.clone()], cursor_us: Some(5), compress: true };
        assert_eq!(
            subscribe.query().unwrap(),
            "collections=com.example.note&cursor=1000000000000000&zstdDictionary=20260811"
        );
        assert_eq!(Subscribe::default().query().unwrap(), "");
        subscribe.collections = vec![collection; MAX_COLLECTIONS + 1];
        assert_eq!(subscribe.query(), Err(SubscribeError::TooManyCollections(101)));
    }
}
