//! How far an upload is, and giving it up.

use http::StatusCode;

use super::Upload;
use crate::answer::Answer;
use crate::refusal::Refusal;
use crate::telemetry;

pub(crate) async fn status(upload: &Upload<'_>) -> Result<Answer, Refusal> {
    let size = upload.registry.hold.blobs().offset(upload.id).await?;
    Ok(upload.answer(StatusCode::NO_CONTENT, size))
}

pub(crate) async fn cancel(upload: &Upload<'_>) -> Result<Answer, Refusal> {
    upload.registry.hold.blobs().cancel(upload.id).await?;
    telemetry::upload("cancelled");
    Ok(Answer::new(StatusCode::NO_CONTENT))
}
