//! Reading statuses.

use axum::extract::{RawQuery, State};
use axum::response::Response;
use serde_json::{Value, json};
use server::{Json, Path, Problem};
use social::Id;
use store::{Conn, v};

use crate::caller::{Me, Viewer};
use crate::entities::{Status, accounts_in_order, meant, status, statuses};
use crate::fields::Fields;
use crate::paging::{Paging, Walk, walk};
use crate::refusal::Refusal;
use crate::services::Services;

/// Statuses that are asked for at once.
const MAX_MANY: usize = 40;

static BOOSTERS: Walk = walk!(
    "SELECT b.id, b.user_id FROM social_boosts b JOIN social_users u ON u.id = b.user_id
     WHERE b.thought_id = $1 AND u.suspended_at IS NULL",
    "b.id"
);

static LIKERS: Walk = walk!(
    "SELECT l.id, l.user_id FROM social_likes l JOIN social_users u ON u.id = l.user_id
     WHERE l.thought_id = $1 AND u.suspended_at IS NULL",
    "l.id"
);

/// A status that the caller may see.
pub(super) async fn seen(services: &Services, viewer: Option<Id>, id: Id) -> Result<Status, Refusal> {
    let addresses = services.addresses().clone();
    let found = services.social.ask(move |conn| status(conn, &addresses, viewer, id)).await?;
    found.ok_or(Refusal::NotFound)
}

pub(super) async fn show(
    State(services): State<Services>,
    Viewer(viewer): Viewer,
    Path(id): Path<i64>,
) -> Result<Json<Status>, Problem> {
    Ok(Json(seen(&services, viewer, Id(id)).await?))
}

pub(super) async fn several(
    State(services): State<Services>,
    Viewer(viewer): Viewer,
    RawQuery(query): RawQuery,
) -> Result<Json<Vec<Status>>, Problem> {
    let asked = Fields::of_form(query.unwrap_or_default().as_bytes());
    let ids: Vec<Id> = asked.list("id").filter_map(|id| id.parse().ok()).take(MAX_MANY).collect();
    let addresses = services.addresses().clone();
    let found = services.social.ask(move |conn| statuses(conn, &addresses, viewer, &ids)).await;
    Ok(Json(found.map_err(Refusal::from)?))
}

/// What somebody here wrote, as they wrote it, for themselves.
pub(super) fn plain(conn: &mut Conn<'_>, me: Id, id: Id) -> Result<Option<String>, social::Error> {
    let sql = "SELECT content FROM social_thoughts WHERE id = $1 AND user_id = $2 AND local = 1";
    conn.query_opt(sql, &[v(id), v(me)], |row| Ok(row.string(0)?))
}

pub(super) async fn source(
    State(services): State<Services>,
    Me(me): Me,
    Path(id): Path<i64>,
) -> Result<Json<Value>, Problem> {
    let text = services.social.ask(move |conn| plain(conn, me, Id(id))).await.map_err(Refusal::from)?;
    let text = text.ok_or(Refusal::NotFound)?;
    let status = seen(&services, Some(me), Id(id)).await?;
    Ok(Json(json!({ "id": status.id, "text": text, "spoiler_text": status.spoiler_text })))
}

/// What it says now: what it said before is not kept.
pub(super) async fn history(
    State(services): State<Services>,
    Viewer(viewer): Viewer,
    Path(id): Path<i64>,
) -> Result<Json<Value>, Problem> {
    let status = seen(&services, viewer, Id(id)).await?;
    Ok(Json(json!([{
        "content": status.content,
        "spoiler_text": status.spoiler_text,
        "sensitive": status.sensitive,
        "created_at": status.edited_at.as_ref().unwrap_or(&status.created_at),
        "account": status.account,
        "media_attachments": status.media_attachments,
        "emojis": [],
    }])))
}

pub(super) async fn card(
    State(services): State<Services>,
    Viewer(viewer): Viewer,
    Path(id): Path<i64>,
) -> Result<Json<Value>, Problem> {
    seen(&services, viewer, Id(id)).await?;
    Ok(Json(json!({})))
}

pub(super) async fn boosters(
    State(services): State<Services>,
    Viewer(viewer): Viewer,
    Path(id): Path<i64>,
    paging: Paging,
) -> Result<Response, Problem> {
    reactors(&services, &BOOSTERS, viewer, Id(id), paging).await
}

pub(super) async fn likers(
    State(services): State<Services>,
    Viewer(viewer): Viewer,
    Path(id): Path<i64>,
    paging: Paging,
) -> Result<Response, Problem> {
    reactors(&services, &LIKERS, viewer, Id(id), paging).await
}

async fn reactors(
    services: &Services,
    walk: &'static Walk,
    viewer: Option<Id>,
    id: Id,
    paging: Paging,
) -> Result<Response, Problem> {
    let (addresses, span, limit) = (services.addresses().clone(), paging.span(), paging.limit(40, 80));
    let read = services.social.ask(move |conn| {
        let thought = meant(conn, viewer, id)?.ok_or(social::Error::NotFound("status"))?;
        let (ids, ends) = walk.ids(conn, span, thought, limit)?;
        Ok((accounts_in_order(conn, &addresses, &ids)?, ends))
    });
    let (items, ends) = read.await.map_err(Refusal::from)?;
    Ok(paging.page(services.base(), items, ends))
}
