//! One request: what to ask, within which bounds.

use std::time::{Duration, Instant};

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use serde::de::DeserializeOwned;
use url::Url;

use crate::client::Outbound;
use crate::error::{Attempt, Error};
use crate::exchange::exchange;
use crate::redirect::{Redirects, carry_over};
use crate::response::Response;
use crate::telemetry;

/// A request being put together; nothing happens until [`send`](Self::send) or [`json`](Self::json).
#[must_use = "a request does nothing until it is sent"]
pub struct RequestBuilder<'a> {
    outbound: &'a Outbound,
    method: Method,
    url: Url,
    headers: HeaderMap,
    body: Bytes,
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
            body: Bytes::new(),
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
    pub fn body(mut self, content_type: &'static str, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self.header(CONTENT_TYPE, HeaderValue::from_static(content_type))
    }

    /// Which redirects to follow; by default five to any host. Only GET and HEAD follow any: repeating another method
    /// elsewhere is for the caller to decide.
    pub fn redirects(mut self, redirects: Redirects) -> Self {
        if matches!(self.method, Method::GET | Method::HEAD) {
            self.redirects = redirects;
        }
        self
    }

    /// Sends the request and reads the whole answer. Any status is an answer.
    pub async fn send(self) -> Result<Response, Error> {
        let started = Instant::now();
        // Boxed, because the state of an exchange is large and callers embed this in futures of their own.
        let exchange = Box::pin(self.follow());
        let answered = match tokio::time::timeout(self.timeout, exchange).await {
            Ok(answered) => answered,
            Err(_) => Err(Error::Timeout { attempt: self.attempt(&self.url), limit: self.timeout }),
        };
        telemetry::requested(&answered, started.elapsed());
        answered
    }

    /// Sends the request and parses a successful answer as JSON; any status but 2xx is an error.
    pub async fn json<T: DeserializeOwned>(mut self) -> Result<T, Error> {
        self.headers.entry(ACCEPT).or_insert(HeaderValue::from_static("application/json"));
        self.send().await?.success()?.json()
    }

    async fn follow(&self) -> Result<Response, Error> {
        let mut url = self.url.clone();
        let mut headers = self.headers.clone();
        let mut followed = 0;
        loop {
            let attempt = self.attempt(&url);
            let request =
                reqwest_request(self.method.clone(), url.clone(), headers.clone(), self.body.clone());
            let answer = exchange(self.outbound, &attempt, request).await?;
            let next = self
                .redirects
                .next(&url, answer.status(), answer.headers())
                .map_err(|reason| Error::Refused { attempt: attempt.clone(), reason })?;
            let Some(next) = next else {
                return answer.read(attempt, url, self.max_bytes).await;
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

fn reqwest_request(method: Method, url: Url, headers: HeaderMap, body: Bytes) -> reqwest::Request {
    let mut request = reqwest::Request::new(method, url);
    *request.headers_mut() = headers;
    if !body.is_empty() {
        *request.body_mut() = Some(body.into());
    }
    request
}
