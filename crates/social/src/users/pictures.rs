//! `PUT /social/users/me/avatar` and `/banner`.

use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, State};
use server::{Json, Problem};
use uuid::Uuid;

use super::{Changes, UserView, by_id, me};
use crate::media::{Picture, Size, file};
use crate::services::Services;
use crate::wire::Me;
use crate::{Error, Id};

type Form = Result<Multipart, MultipartRejection>;

pub(super) async fn avatar(
    State(services): State<Services>,
    Me(me): Me,
    form: Form,
) -> Result<Json<UserView>, Problem> {
    let url = keep(&services, me, form, "avatar", Size::AVATAR).await?;
    Ok(Json(me::apply(&services, me, Changes { avatar_url: Some(url), ..Changes::default() }).await?))
}

pub(super) async fn banner(
    State(services): State<Services>,
    Me(me): Me,
    form: Form,
) -> Result<Json<UserView>, Problem> {
    let url = keep(&services, me, form, "banner", Size::BANNER).await?;
    Ok(Json(me::apply(&services, me, Changes { header_url: Some(url), ..Changes::default() }).await?))
}

/// The address of the picture that the form brings, kept.
async fn keep(services: &Services, me: Id, form: Form, role: &str, size: Size) -> Result<String, Problem> {
    let content = file(form, services.config().upload_max_bytes).await?;
    let picture = Picture::read(content, size).await?;
    let user = services.ask(move |conn| by_id(conn, me)).await?.ok_or(Error::NotFound("user"))?;
    let uuid = Uuid::parse_str(&user.uuid).map_err(|_| Error::NotFound("user"))?;
    let path = services.media().put(uuid, role, &picture).await?;
    Ok(format!("/media/{path}"))
}

/// Removes pictures that nobody shows any more. What cannot be removed is in nobody's way.
pub(crate) async fn remove_pictures(services: &Services, paths: Vec<String>) {
    for path in paths {
        if let Err(error) = services.media().remove(&path).await {
            tracing::warn!(%error, path, "a picture that is not shown any more stays");
        }
    }
}
