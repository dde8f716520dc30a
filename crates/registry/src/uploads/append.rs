//! Sending a piece of a blob, or all of it, without saying yet what it is.

use axum::body::Body;
use http::StatusCode;

use super::Upload;
use crate::answer::Answer;
use crate::asked::Asked;
use crate::refusal::Refusal;

pub(crate) async fn append(upload: &Upload<'_>, asked: &Asked, body: &mut Body) -> Result<Answer, Refusal> {
    let size = upload.take(asked, body).await?;
    Ok(upload.answer(StatusCode::ACCEPTED, size))
}
