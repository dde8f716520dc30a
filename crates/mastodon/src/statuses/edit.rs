//! Changing and deleting what one wrote.

use axum::extract::State;
use clock::now_micros;
use server::{Json, Path, Problem};
use social::{Id, Told, thoughts};

use super::show::plain;
use super::written::Written;
use crate::accounts::{Defaults, find};
use crate::caller::Me;
use crate::entities::{Status, status};
use crate::fields::Fields;
use crate::refusal::Refusal;
use crate::services::Services;
use crate::told::Telling;

pub(super) async fn edit(
    State(services): State<Services>,
    Me(me): Me,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Json<Status>, Problem> {
    let id = Id(id);
    let written = Written::read(&fields, &Defaults::default())?;
    describe(&services, me, &fields).await?;
    let (addresses, now) = (services.addresses().clone(), now_micros());
    let most = services.social.config().max_characters;
    let done = services.social.change(move |conn| {
        let author = find(conn, me)?;
        let before = thoughts::load(conn, Some(me), &[id])?.pop();
        let before = before.filter(|it| it.author.id == me).ok_or(social::Error::NotFound("status"))?;
        let pictures = written.pictures.as_deref();
        let content = written.over(&before);
        Written::check(&content, most, pictures.map_or(before.attachments.len(), <[Id]>::len))?;
        let edited = thoughts::edit(conn, now, &addresses, &author, id, &content, pictures)?;
        Ok((edited, status(conn, &addresses, Some(me), id)?))
    });
    let (edited, shown) = done.await.map_err(Refusal::from)?;
    let told = Told::Edited { id: id.0, user_id: me.0 };
    Telling::default().and(told).notified(edited.notified).tell(&services.social).await;
    Ok(Json(shown.ok_or(Refusal::NotFound)?))
}

/// `media_attributes`: what pictures show, changed with the status that they are in.
async fn describe(services: &Services, me: Id, fields: &Fields) -> Result<(), Refusal> {
    for at in 0..4 {
        let Some(id) = fields.numbered("media_attributes", at, "id").and_then(|id| id.parse().ok()) else {
            break;
        };
        let description = fields.numbered("media_attributes", at, "description");
        crate::media::describe(
            services,
            me,
            Id(id),
            description,
            fields.numbered("media_attributes", at, "focus"),
        )
        .await?;
    }
    Ok(())
}

/// The status as it was, with what was written, so that a client can offer it to be written anew.
pub(super) async fn delete(
    State(services): State<Services>,
    Me(me): Me,
    Path(id): Path<i64>,
) -> Result<Json<Status>, Problem> {
    let id = Id(id);
    let (addresses, now) = (services.addresses().clone(), now_micros());
    let done = services.social.change(move |conn| {
        let text = plain(conn, me, id)?;
        let mut was = status(conn, &addresses, Some(me), id)?;
        thoughts::delete(conn, now, &addresses, me, id)?;
        if let Some(was) = &mut was {
            was.text = text;
        }
        Ok(was)
    });
    let was = done.await.map_err(Refusal::from)?;
    Telling::default().and(Told::Deleted { id: id.0, user_id: me.0 }).tell(&services.social).await;
    Ok(Json(was.ok_or(Refusal::NotFound)?))
}
