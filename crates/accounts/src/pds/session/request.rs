//! What a PDS is asked, and what it answers.

use std::time::Duration;

use atproto::Nsid;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header::CONTENT_TYPE};
use serde_json::Value;
use url::{Url, form_urlencoded};

/// A call of an XRPC method, being put together.
#[derive(Clone, Debug)]
pub struct PdsCall {
    pub(super) method: Method,
    pub(super) nsid: Nsid,
    query: String,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    pub(super) max_bytes: Option<usize>,
    pub(super) timeout: Option<Duration>,
}

/// What the PDS answered; any status but those that the session takes care of.
#[derive(Clone, Debug)]
pub struct PdsAnswer {
    /// The status.
    pub status: StatusCode,
    /// The headers; `Content-Encoding` and `Content-Length` are gone if the body was decompressed.
    pub headers: HeaderMap,
    /// The body, decompressed.
    pub body: Bytes,
}

impl PdsCall {
    /// A query: `GET`.
    #[must_use]
    pub fn query(nsid: Nsid) -> Self {
        Self::new(Method::GET, nsid)
    }

    /// A procedure: `POST`.
    #[must_use]
    pub fn procedure(nsid: Nsid) -> Self {
        Self::new(Method::POST, nsid)
    }

    fn new(method: Method, nsid: Nsid) -> Self {
        Self {
            method,
            nsid,
            query: String::new(),
            headers: HeaderMap::new(),
            body: Bytes::new(),
            max_bytes: None,
            timeout: None,
        }
    }

    /// Adds a parameter.
    #[must_use]
    pub fn param(mut self, name: &str, value: &str) -> Self {
        let mut query = form_urlencoded::Serializer::new(std::mem::take(&mut self.query));
        self.query = query.append_pair(name, value).finish();
        self
    }

    /// The whole query as it came from elsewhere, without `?`, in place of single parameters.
    #[must_use]
    pub fn raw_query(mut self, query: &str) -> Self {
        query.clone_into(&mut self.query);
        self
    }

    /// Sets a header. `Authorization` and `DPoP` are those of the session, whatever is set here.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// Sends JSON.
    #[must_use]
    pub fn json(self, body: &Value) -> Self {
        self.body(HeaderValue::from_static("application/json"), body.to_string())
    }

    /// Sends bytes.
    #[must_use]
    pub fn body(mut self, content_type: HeaderValue, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self.header(CONTENT_TYPE, content_type)
    }

    /// The largest answer accepted, in bytes after decompression, instead of what holds for all
    /// outgoing requests.
    #[must_use]
    pub fn max_bytes(mut self, bytes: usize) -> Self {
        self.max_bytes = Some(bytes);
        self
    }

    /// How long the PDS may take, instead of what holds for all outgoing requests.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Where the call goes.
    pub(super) fn url(&self, pds: &Url) -> Url {
        let mut url = pds.clone();
        url.set_path(&format!("/xrpc/{}", self.nsid));
        url.set_query((!self.query.is_empty()).then_some(&self.query));
        url
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_encoded() {
        let call =
            PdsCall::query(Nsid::parse("com.example.demo.list").unwrap()).param("a", "x&y").param("a", "é #");
        let url = call.url(&Url::parse("https://pds.example").unwrap());
        assert_eq!(url.as_str(), "https://pds.example/xrpc/com.example.demo.list?a=x%26y&a=%C3%A9+%23");
        let call = call.raw_query("b=1");
        let url = call.url(&Url::parse("http://localhost:2583").unwrap());
        assert_eq!(url.as_str(), "http://localhost:2583/xrpc/com.example.demo.list?b=1");
    }
}
