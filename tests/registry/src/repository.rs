//! One repository of a server, as its owner's client sees it.

use anyhow::Context;
use bytes::Bytes;
use reqwest::Method;
use url::Url;

use crate::client::{Answer, Body, Client, Request};
use crate::content::{DOCKER_LIST, DOCKER_MANIFEST, INDEX, MANIFEST};

/// A repository.
#[derive(Clone, Copy, Debug)]
pub struct Repository<'c> {
    /// Who asks.
    pub client: &'c Client,
    /// Its whole name.
    pub name: &'c str,
}

/// The first and the last byte of a chunk.
pub type Span = (usize, usize);

impl Repository<'_> {
    /// The path of something in it, `manifests/latest`.
    #[must_use]
    pub fn path(&self, of: &str) -> String {
        format!("/v2/{}/{of}", self.name)
    }

    /// Asks for something in it.
    ///
    /// # Errors
    /// When there is no answer; so for all below.
    pub async fn get(&self, what: &str) -> anyhow::Result<Answer> {
        self.client.send(&accepting(Request::get(self.path(what)))).await
    }

    /// Asks only for the headers of something in it.
    ///
    /// # Errors
    /// See [`get`](Self::get).
    pub async fn head(&self, what: &str) -> anyhow::Result<Answer> {
        self.client.send(&accepting(Request::new(Method::HEAD, self.path(what)))).await
    }

    /// Deletes something in it.
    ///
    /// # Errors
    /// See [`get`](Self::get).
    pub async fn delete(&self, what: &str) -> anyhow::Result<Answer> {
        self.client.send(&Request::new(Method::DELETE, self.path(what))).await
    }

    /// Asks to begin an upload; `query` is empty or begins with `?`.
    ///
    /// # Errors
    /// See [`get`](Self::get).
    pub async fn post(&self, query: &str, bytes: Bytes) -> anyhow::Result<Answer> {
        let path = self.path(&format!("blobs/uploads/{query}"));
        let request = Request::new(Method::POST, path).with("content-type", OCTETS);
        self.client.send(&request.carrying(Body::Whole(bytes))).await
    }

    /// Begins an upload and returns where it goes on.
    ///
    /// # Errors
    /// When the server will not.
    pub async fn begin(&self) -> anyhow::Result<String> {
        self.post("", Bytes::new()).await?.expect(&[202])?.location()
    }

    /// Sends the next part of an upload.
    ///
    /// # Errors
    /// See [`get`](Self::get).
    pub async fn patch(&self, upload: &str, span: Option<Span>, body: Body) -> anyhow::Result<Answer> {
        self.client.send(&part(Method::PATCH, upload, span).carrying(body)).await
    }

    /// Ends an upload, perhaps with its last part.
    ///
    /// # Errors
    /// See [`get`](Self::get).
    pub async fn finish(
        &self,
        upload: &str,
        digest: &str,
        span: Option<Span>,
        bytes: Bytes,
    ) -> anyhow::Result<Answer> {
        let mut url = Url::parse(upload).with_context(|| format!("the address {upload:?}"))?;
        url.query_pairs_mut().append_pair("digest", digest);
        self.client.send(&part(Method::PUT, url.as_str(), span).carrying(Body::Whole(bytes))).await
    }

    /// Pushes a manifest; `reference` may have a query.
    ///
    /// # Errors
    /// See [`get`](Self::get).
    pub async fn put_manifest(
        &self,
        reference: &str,
        media_type: &str,
        bytes: Bytes,
    ) -> anyhow::Result<Answer> {
        let request = Request::new(Method::PUT, self.path(&format!("manifests/{reference}")));
        self.client.send(&request.with("content-type", media_type).carrying(Body::Whole(bytes))).await
    }

    /// Asks for something at an address that the server gave.
    ///
    /// # Errors
    /// See [`get`](Self::get).
    pub async fn get_at(&self, url: &str) -> anyhow::Result<Answer> {
        self.client.send(&accepting(Request::get(url))).await
    }
}

const OCTETS: &str = "application/octet-stream";

/// What a client takes that knows everything, in one header each, as the container tools write it.
fn accepting(request: Request) -> Request {
    [MANIFEST, INDEX, DOCKER_MANIFEST, DOCKER_LIST, "*/*"]
        .into_iter()
        .fold(request, |request, media_type| request.with("accept", media_type))
}

fn part(method: Method, upload: &str, span: Option<Span>) -> Request {
    let request = Request::new(method, upload).with("content-type", OCTETS);
    match span {
        Some((first, last)) => request.with("content-range", format!("{first}-{last}")),
        None => request,
    }
}
