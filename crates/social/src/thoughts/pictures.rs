//! `POST /social/media`: a picture for a thought that is not written yet.

use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, State};
use http::StatusCode;
use server::{Json, Problem};

use super::view::AttachmentView;
use crate::media::{picture, send};
use crate::services::Services;
use crate::wire::Me;

pub(super) async fn upload(
    State(services): State<Services>,
    Me(me): Me,
    form: Result<Multipart, MultipartRejection>,
) -> Result<(StatusCode, Json<AttachmentView>), Problem> {
    let (content, description) = picture(form, services.config().upload_max_bytes).await?;
    let kept = send(&services, services.media(), me, content, description, None).await?;
    Ok((StatusCode::CREATED, Json(AttachmentView::new(services.addresses(), kept))))
}
