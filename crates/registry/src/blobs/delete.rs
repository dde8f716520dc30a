//! Removing a blob from a repository. Its bytes go when no image anywhere needs them.

use http::StatusCode;
use oci::{Digest, Error, ErrorCode};

use crate::Repository;
use crate::answer::Answer;
use crate::refusal::Refusal;
use crate::registry::Registry;

pub(crate) async fn delete(
    registry: &Registry,
    repository: &Repository,
    digest: &Digest,
) -> Result<Answer, Refusal> {
    if registry.part(repository, digest).await?.is_some() {
        let message = "a manifest of this repository needs the blob: delete the manifest first";
        return Err(Error::new(ErrorCode::Unsupported, message).into());
    }
    if registry.links.remove(repository, digest).await? {
        Ok(Answer::new(StatusCode::ACCEPTED).digest(digest))
    } else {
        Err(ErrorCode::BlobUnknown.into())
    }
}
