//! Where a stream comes from.

use std::fmt;

use url::Url;

use super::{firehose, jetstream};

/// A server that is followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Upstream {
    /// A Jetstream server, which is taken at its word: `wss://…` without the path for version 1, with the path of
    /// `network.bsky.jetstream.subscribeEvents` for version 2.
    Jetstream(Url),
    /// A relay or a host of repositories (`wss://…`, without the path), of which nothing is believed that is not proven.
    Firehose(Url),
}

impl Upstream {
    /// Where it is.
    #[must_use]
    pub fn url(&self) -> &Url {
        match self {
            Self::Jetstream(url) | Self::Firehose(url) => url,
        }
    }

    /// An address that takes a subscriber like any other and sends next to nothing.
    #[must_use]
    pub fn probe(&self) -> Url {
        match self {
            Self::Jetstream(server) => jetstream::probe(server),
            Self::Firehose(server) => firehose::subscription(server, None),
        }
    }
}

impl fmt::Display for Upstream {
    /// Its origin: addresses may have secrets in them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.url().origin().ascii_serialization())
    }
}
