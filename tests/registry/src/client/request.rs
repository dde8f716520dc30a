//! What is asked of a server.

use bytes::Bytes;
use reqwest::{Method, RequestBuilder};
use url::Url;

/// A request that can be sent more than once.
#[derive(Clone, Debug)]
pub struct Request {
    /// Its method.
    pub method: Method,
    /// A path, or an address that the server gave.
    pub to: String,
    /// Its headers, but `Authorization`.
    pub headers: Vec<(&'static str, String)>,
    /// Its body.
    pub body: Body,
}

/// What a request carries.
#[derive(Clone, Debug)]
pub enum Body {
    /// Nothing at all.
    None,
    /// Bytes, with `Content-Length`.
    Whole(Bytes),
    /// Bytes of which nobody says beforehand how many there are.
    Streamed(Bytes),
}

impl Request {
    /// A request without a body.
    #[must_use]
    pub fn new(method: Method, to: impl Into<String>) -> Self {
        Self { method, to: to.into(), headers: Vec::new(), body: Body::None }
    }

    /// A GET.
    #[must_use]
    pub fn get(to: impl Into<String>) -> Self {
        Self::new(Method::GET, to)
    }

    /// With a header.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// With a body.
    #[must_use]
    pub fn carrying(self, body: Body) -> Self {
        Self { body, ..self }
    }

    /// What a token for it is good for: the repository, and whether one reads, writes or deletes there.
    pub(super) fn rights(&self, url: &Url) -> String {
        let path = url.path();
        let parts = ["/blobs/", "/manifests/", "/tags/", "/referrers/"];
        let end = parts.iter().filter_map(|part| path.rfind(part)).min().unwrap_or(path.len());
        let done = match self.method {
            Method::GET | Method::HEAD => "read",
            Method::DELETE => "delete",
            _ => "write",
        };
        // Another repository is to be read, too: that is another right.
        let from = url.query_pairs().find(|(name, _)| name == "from");
        format!("{done} {} {}", &path[..end], from.map(|(_, name)| name).unwrap_or_default())
    }
}

impl Body {
    pub(super) fn put_into(&self, builder: RequestBuilder) -> RequestBuilder {
        /// Small, so that also a short body comes in pieces.
        const PIECE: usize = 1_000;
        match self {
            Self::None => builder,
            Self::Whole(bytes) => builder.body(bytes.clone()),
            Self::Streamed(bytes) => {
                let pieces: Vec<_> = bytes
                    .chunks(PIECE)
                    .map(|piece| Ok::<_, std::io::Error>(bytes.slice_ref(piece)))
                    .collect();
                builder.body(reqwest::Body::wrap_stream(futures::stream::iter(pieces)))
            }
        }
    }
}
