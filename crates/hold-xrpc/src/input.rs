//! What a method is given.

use std::convert::Infallible;

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest, Query, Request};
use http::{HeaderMap, Uri};
use oci::Digest;
use serde::de::DeserializeOwned;
use server::Problem;

use crate::refusal::{invalid, refused};

/// Bytes of the input of a method: a manifest's list of layers is the longest there is.
pub(crate) const LARGEST: usize = 2 << 20;

/// A request of a method: who asks is found out first, and then what they have sent is read. Of one that is refused before, it is read on for
/// a moment, or the client would not read why.
pub(crate) struct Asked {
    headers: HeaderMap,
    body: Body,
}

impl Asked {
    pub(crate) fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// A JSON object; nothing at all stands for an empty one.
    pub(crate) async fn json<T: DeserializeOwned>(mut self) -> Result<T, Problem> {
        let body = std::mem::take(&mut self.body);
        let bytes =
            to_bytes(body, LARGEST).await.map_err(|_| invalid("the body broke off, or is too large"))?;
        object(&bytes)
    }
}

/// What [`Asked::json`] makes of these bytes.
pub(crate) fn object<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let bytes = if bytes.is_empty() { &b"{}"[..] } else { bytes };
    serde_json::from_slice(bytes)
        .map_err(|error| invalid(format!("the body is not what it should be: {error}")))
}

impl<S: Sync> FromRequest<S> for Asked {
    type Rejection = Infallible;

    async fn from_request(request: Request, _: &S) -> Result<Self, Infallible> {
        let (parts, body) = request.into_parts();
        Ok(Self { headers: parts.headers, body })
    }
}

impl Drop for Asked {
    fn drop(&mut self) {
        server::discard_body(&self.headers, std::mem::take(&mut self.body));
    }
}

/// The parameters of a query.
pub(crate) fn query<T: DeserializeOwned>(uri: &Uri) -> Result<T, Problem> {
    let read = Query::try_from_uri(uri);
    read.map(|Query(parameters)| parameters).map_err(|rejection| invalid(rejection.body_text()))
}

/// A digest.
pub(crate) fn digest(text: &str) -> Result<Digest, Problem> {
    Digest::parse(text).map_err(|error| refused("InvalidDigest", error.message().to_owned()))
}

/// A DID, or what the method calls it when it is none.
pub(crate) fn did(text: &str, name: &'static str) -> Result<atproto::Did, Problem> {
    atproto::Did::parse(text).map_err(|error| refused(name, error.to_string()))
}

/// The name of a repository without its owner, or what the method calls it when it is none.
pub(crate) fn repository(text: &str, name: &'static str) -> Result<(), Problem> {
    let whole = format!("a.test/{text}");
    oci::RepositoryName::parse(&whole).map(drop).map_err(|error| refused(name, error.message().to_owned()))
}
