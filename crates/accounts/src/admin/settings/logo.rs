//! `/admin/settings/logo`.

use axum::extract::{
    Multipart, State,
    multipart::{Field, MultipartError, MultipartRejection},
};
use http::StatusCode;
use server::Problem;
use utoipa::ToSchema;

use crate::{
    Accounts, Actor,
    settings::{Logo, MAX_LOGO_BYTES},
};

/// The largest logo with what a form puts around it.
pub(super) const MAX_FORM_BYTES: usize = MAX_LOGO_BYTES + (16 << 10);

/// The first part that is a file counts, whatever its name.
#[derive(ToSchema)]
#[schema(as = LogoForm)]
#[expect(dead_code, reason = "only describes the form, which is read part by part")]
pub(crate) struct Form {
    /// An image of at most 5 MB.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

pub(super) async fn put(
    State(accounts): State<Accounts>,
    actor: Actor,
    form: Result<Multipart, MultipartRejection>,
) -> Result<StatusCode, Problem> {
    let form = form.map_err(|rejection| Problem::new(rejection.status(), rejection.body_text()))?;
    accounts.settings.set_logo(&actor, file(form).await?).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn remove(State(accounts): State<Accounts>, actor: Actor) -> Result<StatusCode, Problem> {
    accounts.settings.remove_logo(&actor).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The first file of a form.
async fn file(mut form: Multipart) -> Result<Logo, Problem> {
    while let Some(part) = form.next_field().await.map_err(unreadable)? {
        if is_file(&part) {
            let content_type = part.content_type().unwrap_or_default().to_owned();
            return Ok(Logo { content_type, bytes: part.bytes().await.map_err(unreadable)?.into() });
        }
    }
    Err(Problem::bad_request("the form has no file"))
}

fn is_file(part: &Field<'_>) -> bool {
    part.file_name().is_some()
}

#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
fn unreadable(error: MultipartError) -> Problem {
    Problem::new(error.status(), error.body_text())
}
