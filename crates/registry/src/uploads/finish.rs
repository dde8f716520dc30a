//! Saying what was sent, perhaps together with the last piece of it.

use axum::body::Body;
use oci::Digest;

use super::start::created;
use super::{Upload, digest_of, forward};
use crate::answer::Answer;
use crate::asked::Asked;
use crate::place::Place;
use crate::refusal::Refusal;
use crate::telemetry;

pub(crate) async fn finish(upload: &Upload<'_>, asked: &Asked, body: &mut Body) -> Result<Answer, Refusal> {
    let digest = digest_of(asked)?;
    whole(upload, asked, body, &digest).await
}

/// Takes what comes with the request and makes the upload a blob of this digest.
pub(super) async fn whole(
    upload: &Upload<'_>,
    asked: &Asked,
    body: &mut Body,
    digest: &Digest,
) -> Result<Answer, Refusal> {
    let has_range = asked.headers().contains_key(http::header::CONTENT_RANGE);
    let has_more = has_range || asked.has_body;
    let size = match &upload.place {
        Place::Here if has_more => upload.complete(asked, body, digest).await?,
        Place::Here => upload.registry.hold.blobs().finish(upload.id, digest).await?,
        Place::In(hold) => {
            if has_more {
                upload.take(asked, body).await?;
            }
            forward::forward(upload, hold, digest).await?
        }
    };
    upload.registry.links.add(upload.repository, digest, size, &upload.place).await?;
    telemetry::upload("finished");
    Ok(created(upload.name, digest))
}
