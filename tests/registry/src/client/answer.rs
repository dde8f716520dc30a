//! What a server answers.

use anyhow::{Context, bail, ensure};
use bytes::Bytes;
use reqwest::header::{HeaderMap, LOCATION};
use serde_json::Value;
use url::Url;

/// An answer, read to its end.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The request, for messages.
    pub asked: String,
    /// Where it came from.
    pub url: Url,
    /// The status code.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The headers of the answer that sent the client elsewhere, where that happened.
    pub redirect: Option<HeaderMap>,
    /// The body.
    pub body: Bytes,
}

impl Answer {
    pub(super) async fn read(asked: String, response: reqwest::Response) -> anyhow::Result<Self> {
        let (url, status) = (response.url().clone(), response.status().as_u16());
        let headers = response.headers().clone();
        let body = response.bytes().await.with_context(|| asked.clone())?;
        Ok(Self { asked, url, status, headers, redirect: None, body })
    }

    /// The answer, if it has one of these statuses.
    ///
    /// # Errors
    /// With the request, the status and the body, if it has another.
    pub fn expect(self, statuses: &[u16]) -> anyhow::Result<Self> {
        if statuses.contains(&self.status) {
            return Ok(self);
        }
        bail!("{} answered {} instead of {statuses:?}: {}", self.asked, self.status, self.text());
    }

    /// The answer, if its body is exactly this.
    ///
    /// # Errors
    /// When it is something else.
    pub fn expect_body(self, bytes: &[u8]) -> anyhow::Result<Self> {
        let (is, should) = (self.body.len(), bytes.len());
        ensure!(self.body == bytes, "{} answered other bytes ({is}, should be {should})", self.asked);
        Ok(self)
    }

    /// A header as text, if it is there.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The answer, if a header is exactly this.
    ///
    /// # Errors
    /// When it is missing or another.
    pub fn expect_header(self, name: &str, value: &str) -> anyhow::Result<Self> {
        match self.header(name) {
            Some(is) if is == value => Ok(self),
            is => bail!("{} answered {name}: {is:?} instead of {value:?}", self.asked),
        }
    }

    /// Where the answer says that something is, as a whole address.
    ///
    /// # Errors
    /// When it says nothing, or nothing that is one.
    pub fn location(&self) -> anyhow::Result<String> {
        let to = self.header(LOCATION.as_str());
        let to = to.with_context(|| format!("{} answered {} without Location", self.asked, self.status))?;
        Ok(self.url.join(to).with_context(|| format!("Location: {to}"))?.into())
    }

    /// The body as JSON.
    ///
    /// # Errors
    /// When it is none.
    pub fn json(&self) -> anyhow::Result<Value> {
        serde_json::from_slice(&self.body).with_context(|| format!("{} answered {}", self.asked, self.text()))
    }

    /// The beginning of the body, for messages.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body[..self.body.len().min(300)]).trim().to_owned()
    }
}
