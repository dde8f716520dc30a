//! Reading manifests and layers.

use http::header::CONTENT_TYPE;
use http::{Method, StatusCode};
use oci::{Digest, Limits, ManifestType, Reference};

use super::Registry;
use super::call::Call;
use crate::fetched::Fetched;
use crate::stream::{Bytestream, of_answer};
use crate::{Error, limits};

/// Everything that can be taken, and what is said of the rest.
pub(super) const MANIFESTS: &str = "application/vnd.oci.image.manifest.v1+json, \
     application/vnd.oci.image.index.v1+json, \
     application/vnd.docker.distribution.manifest.v2+json, \
     application/vnd.docker.distribution.manifest.list.v2+json";

/// What a token for reading is good for.
pub(super) fn to_pull(repository: &str) -> Vec<String> {
    vec![format!("repository:{repository}:pull")]
}

impl Registry {
    /// A manifest, if it is there.
    pub(crate) async fn manifest(
        &self,
        repository: &str,
        reference: &Reference,
    ) -> Result<Option<Fetched>, Error> {
        let url = self.at(&format!("{repository}/manifests/{reference}"))?;
        let call = Call {
            accept: Some(MANIFESTS),
            most: Limits::default().bytes,
            ..Call::new(Method::GET, url, to_pull(repository))
        };
        let answer = self.ask(&call).await?;
        match answer.status() {
            StatusCode::OK => {}
            StatusCode::NOT_FOUND => return Ok(None),
            _ => return Err(self.refused("read a manifest", answer).await),
        }
        let media_type = answer.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let media_type = media_type.map(ManifestType::without_parameters);
        // Some say nothing of the type but that it is JSON.
        let media_type = media_type.filter(|media_type| media_type.starts_with("application/vnd."));
        Fetched::new(reference, media_type, answer.read().await?.body).map(Some)
    }

    /// A layer as it comes, if it is there; it may be elsewhere, and nobody there learns who asks.
    pub(crate) async fn blob(&self, repository: &str, digest: &Digest) -> Result<Option<Bytestream>, Error> {
        let url = self.at(&format!("{repository}/blobs/{digest}"))?;
        let most = usize::try_from(limits::BLOB).unwrap_or(usize::MAX);
        let call =
            Call { most, timeout: limits::TRANSFER, ..Call::new(Method::GET, url, to_pull(repository)) };
        let answer = self.ask(&call).await?;
        match answer.status() {
            StatusCode::OK => Ok(Some(of_answer(answer))),
            StatusCode::NOT_FOUND => Ok(None),
            _ => Err(self.refused("read a layer", answer).await),
        }
    }
}
