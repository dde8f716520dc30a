//! `/thoughts`.

use axum::extract::State;
use http::StatusCode;
use serde::Deserialize;
use server::{Access, Json, Path, Problem, Route};
use store::{Conn, v};
use utoipa::ToSchema;

use super::view::{AttachmentView, ThoughtView, one, views};
use super::{Deleted, NewContent, NewThought, check, pictures};
use crate::feeds::Entry;
use crate::live::Told;
use crate::media::{MAX_FORM, PictureForm};
use crate::reactions;
use crate::services::Services;
use crate::users::{self, User};
use crate::wire::{Me, Viewer};
use crate::{Error, Id, Visibility};

pub(crate) fn routes() -> Vec<Route<Services>> {
    let known = Access::Authenticated;
    vec![
        Route::post("/social/media", known, "Sends a picture for a thought", pictures::upload)
            .body_limit(MAX_FORM)
            .takes_form::<PictureForm>()
            .gives::<AttachmentView>(StatusCode::CREATED),
        Route::post("/social/thoughts", known, "Writes a thought", create)
            .takes::<New>()
            .gives::<ThoughtView>(StatusCode::CREATED),
        Route::get("/social/thoughts/{id}", Access::Delegated, "A thought", show)
            .gives::<ThoughtView>(StatusCode::OK),
        Route::patch("/social/thoughts/{id}", known, "Changes what one's own thought says", edit)
            .takes::<Change>()
            .gives_nothing(StatusCode::NO_CONTENT),
        Route::delete("/social/thoughts/{id}", known, "Deletes one's own thought", delete)
            .gives_nothing(StatusCode::NO_CONTENT),
        Route::get(
            "/social/thoughts/{id}/thread",
            Access::Delegated,
            "All that hangs together, oldest first",
            thread,
        )
        .gives_list::<ThoughtView>(StatusCode::OK),
        Route::post("/social/thoughts/{id}/like", known, "Likes a thought", like)
            .gives_nothing(StatusCode::NO_CONTENT),
        Route::delete("/social/thoughts/{id}/like", known, "Takes a like back", unlike)
            .gives_nothing(StatusCode::NO_CONTENT),
        Route::post("/social/thoughts/{id}/boost", known, "Boosts a thought", boost)
            .gives_nothing(StatusCode::NO_CONTENT),
        Route::delete("/social/thoughts/{id}/boost", known, "Takes a boost back", unboost)
            .gives_nothing(StatusCode::NO_CONTENT),
    ]
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = NewThought)]
struct New {
    /// 1 to 128 characters, unless the operator allows more.
    content: String,
    in_reply_to_id: Option<String>,
    /// `public`, `unlisted`, `followers` or `private`; without it, that of what it replies to, or `public`.
    visibility: Option<String>,
    content_warning: Option<String>,
    #[serde(default)]
    sensitive: bool,
    mood: Option<String>,
    language: Option<String>,
    /// Ids of pictures that were uploaded before, up to four.
    #[serde(default)]
    attachment_ids: Vec<String>,
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ChangedThought)]
struct Change {
    content: String,
    /// Absent is unchanged; an empty text clears.
    content_warning: Option<String>,
    sensitive: Option<bool>,
    mood: Option<String>,
}

/// The row of the caller.
fn mine(conn: &mut Conn<'_>, me: Id) -> Result<User, Error> {
    users::by_id(conn, me)?.ok_or(Error::NotFound("user"))
}

/// The row of a thought by its uuid, whoever may see it.
fn named(conn: &mut Conn<'_>, uuid: &str) -> Result<Id, Error> {
    let sql = "SELECT id FROM social_thoughts WHERE uuid = $1";
    conn.query_opt(sql, &[v(uuid)], |row| row.int(0))?.map(Id).ok_or(Error::NotFound("thought"))
}

fn filled(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}

async fn create(
    State(services): State<Services>,
    Me(me): Me,
    Json(new): Json<New>,
) -> Result<(StatusCode, Json<ThoughtView>), Problem> {
    let visibility = new.visibility.map(|name| {
        Visibility::named(&name)
            .ok_or_else(|| Error::Invalid("a thought is public, unlisted, followers or private".to_owned()))
    });
    let attachments = new.attachment_ids.iter().map(|id| id.parse());
    let attachments: Result<Vec<Id>, _> = attachments.collect();
    let content = NewContent {
        content: new.content,
        content_warning: filled(new.content_warning),
        sensitive: new.sensitive,
        mood: filled(new.mood),
        language: filled(new.language),
    };
    let thought = NewThought {
        content,
        in_reply_to: None,
        visibility: visibility.transpose()?,
        attachments: attachments.map_err(|_| Error::Invalid("there is no such picture".to_owned()))?,
    };
    check(&thought.content, services.config().max_characters, !thought.attachments.is_empty())?;
    let (addresses, now, parent) = (services.addresses().clone(), clock::now_micros(), new.in_reply_to_id);
    let created = services.change(move |conn| {
        let author = mine(conn, me)?;
        let in_reply_to = parent.as_deref().map(|uuid| named(conn, uuid)).transpose()?;
        let created =
            super::create(conn, now, &addresses, &author, &NewThought { in_reply_to, ..thought.clone() })?;
        Ok((created.id, created.notified, one(conn, &addresses, Some(me), created.id)?))
    });
    let (id, notified, view) = created.await?;
    services.live().tell(&Told::Thought { id: id.0, user_id: me.0 }).await;
    services.told(notified).await;
    Ok((StatusCode::CREATED, Json(view)))
}

async fn show(
    State(services): State<Services>,
    Viewer(viewer): Viewer,
    Path(uuid): Path<String>,
) -> Result<Json<ThoughtView>, Problem> {
    let addresses = services.addresses().clone();
    let found = services.ask(move |conn| {
        let id = named(conn, &uuid)?;
        one(conn, &addresses, viewer, id)
    });
    Ok(Json(found.await?))
}

async fn edit(
    State(services): State<Services>,
    Me(me): Me,
    Path(uuid): Path<String>,
    Json(change): Json<Change>,
) -> Result<StatusCode, Problem> {
    let (addresses, now, most) =
        (services.addresses().clone(), clock::now_micros(), services.config().max_characters);
    let edited = services.change(move |conn| {
        let id = named(conn, &uuid)?;
        let before = super::load(conn, Some(me), &[id])?.pop().ok_or(Error::NotFound("thought"))?;
        let or = |new: &Option<String>, old: Option<String>| match new {
            Some(new) => filled(Some(new.clone())),
            None => old,
        };
        let content = NewContent {
            content: change.content.clone(),
            content_warning: or(&change.content_warning, before.content_warning),
            sensitive: change.sensitive.unwrap_or(before.sensitive),
            mood: or(&change.mood, before.mood),
            language: before.language,
        };
        check(&content, most, !before.attachments.is_empty())?;
        let author = mine(conn, me)?;
        let edited = super::edit(conn, now, &addresses, &author, id, &content, None)?;
        Ok((id, edited.notified))
    });
    let (id, notified) = edited.await?;
    services.live().tell(&Told::Edited { id: id.0, user_id: me.0 }).await;
    services.told(notified).await;
    Ok(StatusCode::NO_CONTENT)
}

async fn delete(
    State(services): State<Services>,
    Me(me): Me,
    Path(uuid): Path<String>,
) -> Result<StatusCode, Problem> {
    let (addresses, now) = (services.addresses().clone(), clock::now_micros());
    let deleted = services.change(move |conn| {
        let id = named(conn, &uuid)?;
        super::delete(conn, now, &addresses, me, id)
    });
    let Deleted { id, author } = deleted.await?;
    services.live().tell(&Told::Deleted { id: id.0, user_id: author.0 }).await;
    Ok(StatusCode::NO_CONTENT)
}

async fn thread(
    State(services): State<Services>,
    Viewer(viewer): Viewer,
    Path(uuid): Path<String>,
) -> Result<Json<Vec<ThoughtView>>, Problem> {
    let (addresses, now) = (services.addresses().clone(), clock::now_micros());
    let found = services.ask(move |conn| {
        let id = named(conn, &uuid)?;
        // Whoever may not see the one that was asked for learns nothing of the others.
        one(conn, &addresses, viewer, id)?;
        let ids = super::thread(conn, viewer, now, id)?;
        let entries: Vec<Entry> =
            ids.into_iter().map(|id| Entry { at: id, thought: id, boosted_by: None }).collect();
        views(conn, &addresses, viewer, &entries)
    });
    Ok(Json(found.await?))
}

async fn like(
    State(services): State<Services>,
    Me(me): Me,
    Path(uuid): Path<String>,
) -> Result<StatusCode, Problem> {
    let now = clock::now_micros();
    let liked = services.change(move |conn| {
        let (id, user) = (named(conn, &uuid)?, mine(conn, me)?);
        reactions::like(conn, now, &user, id, None)
    });
    services.told(liked.await?.notified).await;
    Ok(StatusCode::NO_CONTENT)
}

async fn unlike(
    State(services): State<Services>,
    Me(me): Me,
    Path(uuid): Path<String>,
) -> Result<StatusCode, Problem> {
    let now = clock::now_micros();
    let change = move |conn: &mut Conn<'_>| {
        let (id, user) = (named(conn, &uuid)?, mine(conn, me)?);
        seen(conn, me, id)?;
        reactions::unlike(conn, now, &user, id)
    };
    services.change(change).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn boost(
    State(services): State<Services>,
    Me(me): Me,
    Path(uuid): Path<String>,
) -> Result<StatusCode, Problem> {
    let now = clock::now_micros();
    let boosted = services.change(move |conn| {
        let (id, user) = (named(conn, &uuid)?, mine(conn, me)?);
        Ok((id, reactions::boost(conn, now, &user, id, None, None)?))
    });
    let (id, boosted) = boosted.await?;
    if boosted.is_new {
        services.live().tell(&Told::Boosted { id: boosted.id.0, user_id: me.0, thought_id: id.0 }).await;
    }
    services.told(boosted.notified).await;
    Ok(StatusCode::NO_CONTENT)
}

async fn unboost(
    State(services): State<Services>,
    Me(me): Me,
    Path(uuid): Path<String>,
) -> Result<StatusCode, Problem> {
    let now = clock::now_micros();
    let change = move |conn: &mut Conn<'_>| {
        let (id, user) = (named(conn, &uuid)?, mine(conn, me)?);
        seen(conn, me, id)?;
        reactions::unboost(conn, now, &user, id)
    };
    services.change(change).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Nobody learns what there is that they may not see.
fn seen(conn: &mut Conn<'_>, viewer: Id, id: Id) -> Result<(), Error> {
    if super::visible(conn, Some(viewer), id)? { Ok(()) } else { Err(Error::NotFound("thought")) }
}
