//! Writing manifests and layers.

use bytes::Bytes;
use futures::stream::BoxStream;
use http::header::{AUTHORIZATION, CONTENT_TYPE, LOCATION};
use http::{HeaderValue, Method, StatusCode};
use oci::{Digest, ManifestType, Reference};
use outbound::Incoming;
use url::Url;

use super::Registry;
use super::call::Call;
use super::pull::MANIFESTS;
use crate::{Error, limits};

/// What a token for writing is good for.
fn to_push(repository: &str) -> Vec<String> {
    vec![format!("repository:{repository}:pull,push")]
}

/// How a layer gets into a repository.
pub(crate) enum Begun {
    /// It is there now: it was in another repository of the same owner.
    Mounted,
    /// It is to be sent here.
    Upload(Url),
}

impl Registry {
    /// Whether a layer is in a repository.
    pub(crate) async fn has_blob(&self, repository: &str, digest: &Digest) -> Result<bool, Error> {
        let url = self.at(&format!("{repository}/blobs/{digest}"))?;
        let answer = self.ask(&Call::new(Method::HEAD, url, to_push(repository))).await?;
        match answer.status() {
            StatusCode::OK => Ok(true),
            StatusCode::NOT_FOUND => Ok(false),
            _ => Err(self.refused("look for a layer", answer).await),
        }
    }

    /// Which manifest goes by this name.
    pub(crate) async fn manifest_digest(
        &self,
        repository: &str,
        reference: &Reference,
    ) -> Result<Option<Digest>, Error> {
        let url = self.at(&format!("{repository}/manifests/{reference}"))?;
        let call = Call { accept: Some(MANIFESTS), ..Call::new(Method::HEAD, url, to_push(repository)) };
        let answer = self.ask(&call).await?;
        match answer.status() {
            StatusCode::OK => {
                let digest =
                    answer.headers().get(oci::header::CONTENT_DIGEST).and_then(|digest| digest.to_str().ok());
                Ok(digest.and_then(|digest| Digest::parse(digest).ok()))
            }
            StatusCode::NOT_FOUND => Ok(None),
            _ => Err(self.refused("look for a manifest", answer).await),
        }
    }

    /// Begins to send a layer, unless it is somewhere among what its owner has.
    pub(crate) async fn begin(&self, repository: &str, digest: &Digest) -> Result<Begun, Error> {
        let url = self.at(&format!("{repository}/blobs/uploads/?mount={digest}"))?;
        // What is sent next is sent once, and it may be a while until then.
        self.freshen(&to_push(repository));
        let answer = self.ask(&Call::new(Method::POST, url.clone(), to_push(repository))).await?;
        match answer.status() {
            StatusCode::CREATED => Ok(Begun::Mounted),
            StatusCode::ACCEPTED => {
                let to = answer.headers().get(LOCATION).and_then(|to| to.to_str().ok());
                let upload = to.and_then(|to| url.join(to).ok()).filter(|to| to.origin() == url.origin());
                upload
                    .map(Begun::Upload)
                    .ok_or_else(|| self.strange("it does not say where layers are to be sent"))
            }
            _ => Err(self.refused("begin an upload", answer).await),
        }
    }

    /// Sends a layer of this size.
    pub(crate) async fn send(
        &self,
        repository: &str,
        mut upload: Url,
        (digest, size): (&Digest, u64),
        bytes: BoxStream<'static, Result<Bytes, std::io::Error>>,
    ) -> Result<(), Error> {
        upload.query_pairs_mut().append_pair("digest", &digest.to_string());
        let mut request = self.outbound.request(Method::PUT, &upload);
        if let Some(value) = self.last_authorization(&to_push(repository)) {
            request = request.header(AUTHORIZATION, value);
        }
        let octets = HeaderValue::from_static("application/octet-stream");
        let request = request.header(CONTENT_TYPE, octets).timeout(limits::TRANSFER);
        let answer = request.max_bytes(limits::PAGE_BYTES).stream(Some(size), bytes).open().await?;
        self.created("send a layer", answer).await
    }

    /// Stores a manifest under a name.
    pub(crate) async fn put_manifest(
        &self,
        repository: &str,
        reference: &Reference,
        media_type: ManifestType,
        bytes: Bytes,
    ) -> Result<(), Error> {
        let url = self.at(&format!("{repository}/manifests/{reference}"))?;
        let content_type = Some(HeaderValue::from_static(media_type.as_str()));
        let call = Call { content_type, body: bytes, ..Call::new(Method::PUT, url, to_push(repository)) };
        let answer = self.ask(&call).await?;
        self.created("store a manifest", answer).await
    }

    async fn created(&self, action: &str, answer: Incoming) -> Result<(), Error> {
        if answer.status().is_success() { Ok(()) } else { Err(self.refused(action, answer).await) }
    }
}
