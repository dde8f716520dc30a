//! The file of a form.

use axum::extract::Multipart;
use axum::extract::multipart::{Field, MultipartError, MultipartRejection};
use bytes::{Bytes, BytesMut};
use http::StatusCode;
use server::Problem;
use utoipa::ToSchema;

use super::MAX_DESCRIPTION;

/// A form whose first field is the file.
#[derive(ToSchema)]
#[schema(as = SocialFileForm)]
#[expect(dead_code, reason = "only describes the form, which is read part by part")]
pub(crate) struct FileForm {
    /// A JPEG, PNG, GIF or WebP.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// The largest form with a picture (spec/social.md §3.5).
pub(crate) const MAX_FORM: usize = 10 << 20;

/// Bytes of what is said of a picture: a few for each character that it may have.
const MAX_TEXT: usize = 4 * MAX_DESCRIPTION;

/// A form with a picture and, in front of it or behind, what is in it.
#[derive(ToSchema)]
#[schema(as = SocialPictureForm)]
#[expect(dead_code, reason = "only describes the form, which is read part by part")]
pub(crate) struct PictureForm {
    /// A JPEG, PNG, GIF or WebP.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    /// For those who do not see it, in at most 1,500 characters.
    description: Option<String>,
}

type Form = Result<Multipart, MultipartRejection>;

/// The first file of a form, of at most `max` bytes.
pub(crate) async fn file(form: Form, max: usize) -> Result<Bytes, Problem> {
    let mut form = opened(form)?;
    while let Some(part) = form.next_field().await.map_err(unreadable)? {
        if is_file(&part) {
            return content(part, max).await;
        }
    }
    Err(missing())
}

/// The file of a form, and what it says of it.
pub(crate) async fn picture(form: Form, max: usize) -> Result<(Bytes, Option<String>), Problem> {
    let (mut form, mut file, mut said) = (opened(form)?, None, None);
    while let Some(part) = form.next_field().await.map_err(unreadable)? {
        if part.name() == Some("description") {
            let text = content(part, MAX_TEXT).await?;
            let text = std::str::from_utf8(&text);
            said =
                Some(text.map_err(|_| Problem::bad_request("`description` is not UTF-8"))?.trim().to_owned());
        } else if file.is_none() && is_file(&part) {
            file = Some(content(part, max).await?);
        }
    }
    Ok((file.ok_or_else(missing)?, said.filter(|text| !text.is_empty())))
}

fn opened(form: Form) -> Result<Multipart, Problem> {
    form.map_err(|rejection| Problem::bad_request(rejection.body_text()))
}

fn is_file(part: &Field<'_>) -> bool {
    part.file_name().is_some() || part.name() == Some("file")
}

fn missing() -> Problem {
    Problem::bad_request("the form has no file")
}

async fn content(mut part: Field<'_>, max: usize) -> Result<Bytes, Problem> {
    let mut content = BytesMut::new();
    while let Some(chunk) = part.chunk().await.map_err(unreadable)? {
        if content.len() + chunk.len() > max {
            let what = part.name().unwrap_or("file");
            let message = format!("the {what} has more than {max} bytes");
            return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, message));
        }
        content.extend_from_slice(&chunk);
    }
    Ok(content.freeze())
}

#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
fn unreadable(error: MultipartError) -> Problem {
    Problem::new(error.status(), error.body_text())
}
