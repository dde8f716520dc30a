//! Where a stream comes from.

use std::fmt;

use url::Url;

/// A server that is followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Upstream {
    /// A Jetstream server (`wss://…`, without the path), which is taken at its word.
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
}

impl fmt::Display for Upstream {
    /// Its origin: addresses may have secrets in them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.url().origin().ascii_serialization())
    }
}
