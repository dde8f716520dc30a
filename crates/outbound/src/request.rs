//! One request: what to ask, within which bounds.

use std::time::{Duration, Instant};

use bytes::Bytes;
use futures::TryStream;
use http::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use serde::de::DeserializeOwned;
use url::Url;

use crate::client::Outbound;
use crate::error::{Attempt, Cause, Error};
use crate::exchange::exchange;
use crate::incoming::{Bounds, Incoming};
use crate::redirect::{Redirects, carry_over};
use crate::response::Response;
use crate::telemetry;

/// What is sent along.
enum Body {
    Bytes(Bytes),
    /// Until it is sent.
    Stream(Option<reqwest::Body>),
}

/// A request being put together; nothing happens until [`send`](Self::send), [`open`](Self::open) or
/// [`json`](Self::json).
#[must_use = "a request does nothing until it is sent"]
pub struct RequestBuilder<'a> {
    outbound: &'a Outbound,
    method: Method,
    url: Url,
    headers: HeaderMap,
    body: Body,
    max_bytes: usize,
    timeout: Duration,
    redirects: Redirects,
}

impl<'a> RequestBuilder<'a> {
    pub(crate) fn new(outbound: &'a Outbound, method: Method, url: Url) -> Self {
        let config = &outbound.shared.config;
        let safe = matches!(method, Method::GET | Method::HEAD);
        Self {
            outbound,
            method,
            url,
            headers: HeaderMap::new(),
            body: Body::Bytes(Bytes::new()),
            max_bytes: config.max_bytes,
            timeout: config.timeout,
            redirects: if safe { Redirects::Any(5) } else { Redirects::None },
        }
    }

    /// Largest body accepted, in bytes after decompression.
    pub fn max_bytes(mut self, bytes: usize) -> Self {
        self.max_bytes = bytes;
        self
    }

    /// Time for the whole exchange: waiting for a place, look-ups, redirects, reading the body.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The media types wanted, for `Accept`.
    pub fn accept(self, types: &'static str) -> Self {
        self.header(ACCEPT, HeaderValue::from_static(types))
    }

    /// Sets a header. Headers other than `Accept` and `Accept-Language` are not sent on when a redirect leaves the
    /// origin.
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// Sets the body and its `Content-Type`.
    pub fn body(self, content_type: &'static str, body: impl Into<Bytes>) -> Self {
        self.bytes(body).header(CONTENT_TYPE, HeaderValue::from_static(content_type))
    }

    /// Sets the body alone; its `Content-Type` is set with [`header`](Self::header).
    pub fn bytes(mut self, body: impl Into<Bytes>) -> Self {
        self.body = Body::Bytes(body.into());
        self
    }

    /// Sets a body that is sent as it comes, of this length in bytes if that is known; its `Content-Type` is set with
    /// [`header`](Self::header). It can be sent once, so no redirect is followed.
    pub fn stream<S>(mut self, length: Option<u64>, body: S) -> Self
    where
        S: TryStream<Ok = Bytes> + Send + 'static,
        S::Error: Into<Cause>,
    {
        self.body = Body::Stream(Some(reqwest::Body::wrap_stream(body)));
        self.redirects = Redirects::None;
        match length {
            Some(length) => self.header(CONTENT_LENGTH, length.into()),
            None => self,
        }
    }

    /// Which redirects to follow; by default five to any host. Only GET and HEAD follow any, and only with a body that
    /// can be repeated: repeating another method elsewhere is for the caller to decide.
    pub fn redirects(mut self, redirects: Redirects) -> Self {
        let repeatable = matches!(self.body, Body::Bytes(_));
        if repeatable && matches!(self.method, Method::GET | Method::HEAD) {
            self.redirects = redirects;
        }
        self
    }

    /// Sends the request and reads the whole answer. Any status is an answer.
    pub async fn send(self) -> Result<Response, Error> {
        let started = Instant::now();
        // Boxed, because the state of an exchange is large and callers embed this in futures of their own.
        let answered = Box::pin(async { self.head().await?.read().await }).await;
        telemetry::requested(answered.as_ref().map(|answer| answer.status), started.elapsed());
        answered
    }

    /// Sends the request and returns as soon as an answer begins, whatever its status. Reading its body is held to the same
    /// bounds.
    pub async fn open(self) -> Result<Incoming, Error> {
        let started = Instant::now();
        let opened = Box::pin(self.head()).await;
        telemetry::requested(opened.as_ref().map(Incoming::status), started.elapsed());
        opened
    }

    async fn head(mut self) -> Result<Incoming, Error> {
        let deadline = tokio::time::Instant::now() + self.timeout;
        let bounds = Bounds { max_bytes: self.max_bytes, timeout: self.timeout, deadline };
        match tokio::time::timeout_at(deadline, self.follow(bounds)).await {
            Ok(answered) => answered,
            Err(_) => Err(Error::Timeout { attempt: self.attempt(&self.url), limit: self.timeout }),
        }
    }

    /// Sends the request and parses a successful answer as JSON; any status but 2xx is an error.
    pub async fn json<T: DeserializeOwned>(mut self) -> Result<T, Error> {
        self.headers.entry(ACCEPT).or_insert(HeaderValue::from_static("application/json"));
        self.send().await?.success()?.json()
    }

    async fn follow(&mut self, bounds: Bounds) -> Result<Incoming, Error> {
        let mut url = self.url.clone();
        let mut headers = self.headers.clone();
        let mut followed = 0;
        loop {
            let attempt = self.attempt(&url);
            let mut request = reqwest::Request::new(self.method.clone(), url.clone());
            *request.headers_mut() = headers.clone();
            *request.body_mut() = self.body.next();
            let held_to = if faults::mutant!("outbound-redirect-not-rechecked") { &self.url } else { &url };
            let answer = exchange(self.outbound.through(&self.url, held_to), &attempt, request).await?;
            let next = self
                .redirects
                .next(&url, answer.status(), answer.headers())
                .map_err(|reason| Error::Refused { attempt: attempt.clone(), reason })?;
            let Some(next) = next else {
                return Incoming::new(answer, attempt, url, bounds);
            };
            if followed == self.redirects.limit() {
                return Err(Error::TooManyRedirects { attempt, limit: followed });
            }
            followed += 1;
            headers = carry_over(headers, &url, &next);
            url = next;
        }
    }

    fn attempt(&self, url: &Url) -> Attempt {
        Attempt::new(self.method.as_str(), url)
    }
}

impl Body {
    /// What the next request carries.
    fn next(&mut self) -> Option<reqwest::Body> {
        match self {
            Self::Bytes(bytes) if bytes.is_empty() => None,
            Self::Bytes(bytes) => Some(bytes.clone().into()),
            Self::Stream(stream) => stream.take(),
        }
    }
}
