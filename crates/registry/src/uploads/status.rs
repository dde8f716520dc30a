//! How far an upload is, and giving it up.

use http::StatusCode;

use super::Upload;
use crate::answer::Answer;
use crate::asked::Asked;
use crate::refusal::Refusal;

pub(crate) async fn status(upload: &Upload<'_>, asked: &Asked) -> Result<Answer, Refusal> {
    upload.check(asked)?;
    let size = upload.registry.hold.blobs().offset(upload.id).await?;
    Ok(upload.answer(StatusCode::NO_CONTENT, size))
}

pub(crate) async fn cancel(upload: &Upload<'_>, asked: &Asked) -> Result<Answer, Refusal> {
    upload.check(asked)?;
    upload.registry.hold.blobs().cancel(upload.id).await?;
    Ok(Answer::new(StatusCode::NO_CONTENT))
}
