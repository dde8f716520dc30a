//! The two protocols of Jetstream servers, told apart by the address.

use atproto::Nsid;
use atproto::jetstream::{
    DICTIONARY, Decompressor, Event, FrameError, MAX_COLLECTIONS, MAX_FRAME_BYTES, PATH, Subscribe, v2,
};
use bytes::Bytes;
use url::Url;

/// What a server speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ingest) enum Dialect {
    /// Events, and nothing of the server itself.
    V1,
    /// `network.bsky.jetstream.subscribeEvents`.
    V2,
}

impl Dialect {
    /// Version 2 if that is the path of the address.
    pub(super) fn of(server: &Url) -> Self {
        if server.path().trim_end_matches('/').ends_with(v2::PATH) { Self::V2 } else { Self::V1 }
    }

    /// Where to subscribe to these collections, or to everything if they are more than a connection can filter by, from a time in
    /// microseconds on.
    pub(super) fn subscription(
        self,
        mut server: Url,
        mut collections: Vec<Nsid>,
        cursor: i64,
        compress: bool,
    ) -> Url {
        if collections.len() > MAX_COLLECTIONS {
            collections.clear();
        }
        let query = match self {
            Self::V1 => {
                server.set_path(&format!("{}{PATH}", server.path().trim_end_matches('/')));
                Subscribe { collections, cursor: Some(cursor), compress, ..Subscribe::default() }.query()
            }
            Self::V2 => v2::Subscribe { collections, cursor_us: Some(cursor), compress }.query(),
        };
        // Cannot fail: there are never more collections than a connection takes.
        server.set_query(query.ok().as_deref());
        server
    }

    /// Of compressed frames.
    pub(super) fn decompressor(self) -> Result<Decompressor, FrameError> {
        let dictionary = match self {
            Self::V1 => DICTIONARY,
            Self::V2 => v2::DICTIONARY,
        };
        Decompressor::new(dictionary, MAX_FRAME_BYTES)
    }

    /// Reads a frame.
    pub(super) fn parse(self, json: Bytes) -> Result<v2::Message, FrameError> {
        match self {
            Self::V1 => Event::parse(json).map(v2::Message::Event),
            Self::V2 => v2::Message::parse(json),
        }
    }
}

/// Where a server takes a subscriber for records of which nobody writes any.
pub(in crate::ingest) fn probe(server: &Url) -> Url {
    let mut url = Dialect::of(server).subscription(server.clone(), Vec::new(), 0, false);
    let nothing = match Dialect::of(server) {
        Dialect::V1 => "wantedCollections=com.example.nothing",
        Dialect::V2 => "collections=com.example.nothing",
    };
    url.set_query(Some(nothing));
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subscription(server: &str) -> String {
        let server = Url::parse(server).unwrap();
        Dialect::of(&server).subscription(server, Vec::new(), 1_795_211_478_998_853, true).to_string()
    }

    #[test]
    fn the_path_decides() {
        assert_eq!(
            subscription("wss://one.example/behind/"),
            "wss://one.example/behind/subscribe?compress=true&cursor=1795211478998853"
        );
        assert_eq!(
            subscription("wss://two.example/xrpc/network.bsky.jetstream.subscribeEvents"),
            "wss://two.example/xrpc/network.bsky.jetstream.subscribeEvents?cursor=1795211478998853&zstdDictionary=20260811"
        );
    }
}
