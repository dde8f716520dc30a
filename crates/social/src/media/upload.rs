//! The file of a form.

use axum::extract::Multipart;
use axum::extract::multipart::{MultipartError, MultipartRejection};
use bytes::{Bytes, BytesMut};
use http::StatusCode;
use server::Problem;
use utoipa::ToSchema;

/// A form whose first field is the file.
#[derive(ToSchema)]
#[schema(as = SocialFileForm)]
#[expect(dead_code, reason = "only describes the form, which is read part by part")]
pub(crate) struct FileForm {
    /// A JPEG, PNG, GIF or WebP.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// The first file of a form, of at most `max` bytes.
pub(crate) async fn file(form: Result<Multipart, MultipartRejection>, max: usize) -> Result<Bytes, Problem> {
    let mut form = form.map_err(|rejection| Problem::bad_request(rejection.body_text()))?;
    while let Some(mut part) = form.next_field().await.map_err(unreadable)? {
        if part.file_name().is_none() && part.name() != Some("file") {
            continue;
        }
        let mut content = BytesMut::new();
        while let Some(chunk) = part.chunk().await.map_err(unreadable)? {
            if content.len() + chunk.len() > max {
                let message = format!("the file has more than {max} bytes");
                return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, message));
            }
            content.extend_from_slice(&chunk);
        }
        return Ok(content.freeze());
    }
    Err(Problem::bad_request("the form has no file"))
}

#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
fn unreadable(error: MultipartError) -> Problem {
    Problem::new(error.status(), error.body_text())
}
