//! What a subscriber asks for.

use std::fmt::Write;

use serde_json::json;

use crate::{Did, Nsid};

/// Path of the WebSocket endpoint.
pub const PATH: &str = "/subscribe";

/// Collections one connection can filter by. With more: several connections, or no filter.
pub const MAX_COLLECTIONS: usize = 100;

/// Accounts one connection can filter by.
pub const MAX_DIDS: usize = 10_000;

/// Bytes of an options update a server accepts.
const MAX_UPDATE_BYTES: usize = 10_000_000;

/// The parameters of a subscription. The default asks for everything from now on, uncompressed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Subscribe {
    /// Only commits to these collections; empty: to all.
    pub collections: Vec<Nsid>,
    /// Only events of these accounts; empty: of all.
    pub dids: Vec<Did>,
    /// Replay from this `time_us` on, its own event included, as far back as the server remembers; `None`: from now.
    pub cursor: Option<i64>,
    /// Frames come compressed, for a [`Decompressor`](super::Decompressor).
    pub compress: bool,
    /// The server skips events of more bytes; 0: none.
    pub max_message_size: u32,
}

/// A subscription no server accepts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SubscribeError {
    /// More than [`MAX_COLLECTIONS`].
    #[error("a Jetstream connection can filter by {MAX_COLLECTIONS} collections, not by {0}")]
    TooManyCollections(usize),
    /// More than [`MAX_DIDS`].
    #[error("a Jetstream connection can filter by {MAX_DIDS} accounts, not by {0}")]
    TooManyDids(usize),
    /// The update's text is longer than the 10 MB a server reads.
    #[error("an options update of {0} bytes is longer than Jetstream accepts")]
    UpdateTooLarge(usize),
}

impl Subscribe {
    /// The query of the subscription's URL, without the question mark.
    pub fn query(&self) -> Result<String, SubscribeError> {
        self.check()?;
        // Nothing is percent-encoded but the percent sign: NSIDs and DIDs have no other character that means
        // something in a query.
        let mut query = format!("compress={}", self.compress);
        for collection in &self.collections {
            push(&mut query, "wantedCollections", collection.as_str());
        }
        for did in &self.dids {
            push(&mut query, "wantedDids", &did.as_str().replace('%', "%25"));
        }
        if self.max_message_size > 0 {
            push(&mut query, "maxMessageSizeBytes", &self.max_message_size.to_string());
        }
        if let Some(cursor) = self.cursor {
            push(&mut query, "cursor", &cursor.to_string());
        }
        Ok(query)
    }

    /// The message that replaces all filters of an open connection by these. Cursor and compression are not
    /// filters: they stay what they were.
    pub fn options_update(&self) -> Result<String, SubscribeError> {
        self.check()?;
        let text = json!({
            "type": "options_update",
            "payload": {
                "wantedCollections": self.collections,
                "wantedDids": self.dids,
                "maxMessageSizeBytes": self.max_message_size,
            },
        })
        .to_string();
        if text.len() > MAX_UPDATE_BYTES {
            return Err(SubscribeError::UpdateTooLarge(text.len()));
        }
        Ok(text)
    }

    fn check(&self) -> Result<(), SubscribeError> {
        if self.collections.len() > MAX_COLLECTIONS {
            return Err(SubscribeError::TooManyCollections(self.collections.len()));
        }
        if self.dids.len() > MAX_DIDS {
            return Err(SubscribeError::TooManyDids(self.dids.len()));
        }
        Ok(())
    }
}

fn push(query: &mut String, key: &str, value: &str) {
    // Writing to a string cannot fail.
    let _ = write!(query, "&{key}={value}");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nsid(number: usize) -> Nsid {
        Nsid::parse(&format!("com.example.c{number}")).unwrap()
    }

    #[test]
    fn writes_only_what_is_asked_for() {
        assert_eq!(Subscribe::default().query().unwrap(), "compress=false");
        let subscribe = Subscribe {
            collections: vec![nsid(1), nsid(2)],
            dids: vec![Did::parse("did:web:localhost%3A2583").unwrap()],
            cursor: Some(1_725_911_162_329_308),
            compress: true,
            max_message_size: 1_000_000,
        };
        assert_eq!(
            subscribe.query().unwrap(),
            "compress=true&wantedCollections=com.example.c1&wantedCollections=com.example.c2\
             &wantedDids=did:web:localhost%253A2583&maxMessageSizeBytes=1000000&cursor=1725911162329308"
        );
        assert_eq!(
            subscribe.options_update().unwrap(),
            r#"{"payload":{"maxMessageSizeBytes":1000000,"wantedCollections":["com.example.c1","com.example.c2"],"wantedDids":["did:web:localhost%3A2583"]},"type":"options_update"}"#
        );
    }

    #[test]
    fn an_update_can_switch_the_filters_off() {
        assert_eq!(
            Subscribe::default().options_update().unwrap(),
            r#"{"payload":{"maxMessageSizeBytes":0,"wantedCollections":[],"wantedDids":[]},"type":"options_update"}"#
        );
    }

    #[test]
    fn refuses_what_a_server_would_refuse() {
        let full =
            Subscribe { collections: (0..MAX_COLLECTIONS).map(nsid).collect(), ..Subscribe::default() };
        assert!(full.query().is_ok());
        let over =
            Subscribe { collections: (0..=MAX_COLLECTIONS).map(nsid).collect(), ..Subscribe::default() };
        assert_eq!(over.query(), Err(SubscribeError::TooManyCollections(101)));
        assert_eq!(over.options_update(), Err(SubscribeError::TooManyCollections(101)));
        let did = Did::parse(&format!("did:web:{}", "a".repeat(2000))).unwrap();
        let over = Subscribe { dids: vec![did.clone(); MAX_DIDS + 1], ..Subscribe::default() };
        assert_eq!(over.query(), Err(SubscribeError::TooManyDids(10_001)));
        let long = Subscribe { dids: vec![did; MAX_DIDS], ..Subscribe::default() };
        assert!(matches!(long.options_update(), Err(SubscribeError::UpdateTooLarge(_))));
    }
}
