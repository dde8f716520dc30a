//! Reading notifications.

use axum::extract::State;
use axum::response::Response;
use serde_json::{Value, json};
use server::{Json, Path, Problem};
use social::feeds::Span;
use social::{Addresses, Id};
use store::{Conn, Row, v};

use crate::caller::Me;
use crate::entities::{KINDS, Note, Notification, notifications};
use crate::fields::Fields;
use crate::paging::Paging;
use crate::refusal::Refusal;
use crate::services::Services;

/// More unread ones are not counted.
const MAX_COUNT: i64 = 1000;

/// `$4` has the kinds that are wanted, each between commas; `$5` is whose, or 0. Nothing of those who are blocked, either way, or whose
/// notifications are muted.
macro_rules! notes {
    ($order:literal) => {
        concat!(
            "SELECT n.id, n.kind, n.from_user_id, n.thought_id, n.created_at FROM social_notifications n
             WHERE n.user_id = $1 AND n.id < $2 AND n.id > $3 AND $4 LIKE '%,' || n.kind || ',%'
               AND (n.from_user_id = $5 OR $5 = 0)
               AND NOT EXISTS (SELECT 1 FROM social_blocks b WHERE b.blocker = n.user_id AND b.blocked = n.from_user_id)
               AND NOT EXISTS (SELECT 1 FROM social_blocks b WHERE b.blocker = n.from_user_id AND b.blocked = n.user_id)
               AND NOT EXISTS (SELECT 1 FROM social_mutes m WHERE m.muter = n.user_id AND m.muted = n.from_user_id
                               AND m.notifications = 1 AND (m.ends_at IS NULL OR m.ends_at > $7))
             ORDER BY n.id ",
            $order,
            " LIMIT $6"
        )
    };
}

/// A page of notifications, and between which it is.
pub(super) async fn page(
    services: &Services,
    me: Id,
    paging: &Paging,
) -> Result<(Vec<Notification>, Option<(Id, Id)>), Refusal> {
    let (addresses, limit) = (services.addresses().clone(), paging.limit(40, 80));
    let Span { below, above, upwards } = paging.span();
    let (kinds, whose) = (wanted(&paging.fields), paging.fields.number("account_id").unwrap_or(0));
    let read = services.state().read(move |conn| {
        let sql = if upwards { notes!("ASC") } else { notes!("DESC") };
        let now = clock::now_micros();
        let params = [v(me), v(below), v(above), v(&kinds), v(whose), v(limit), v(now)];
        let mut notes = conn.query(sql, &params, note)?;
        if upwards {
            notes.reverse();
        }
        let ends = notes.first().map(|note| note.id).zip(notes.last().map(|note| note.id));
        Ok::<_, social::Error>((notifications(conn, &addresses, me, &notes)?, ends))
    });
    Ok(read.await?)
}

fn note(row: &Row<'_>) -> Result<Note, store::Error> {
    Ok(Note {
        id: Id(row.int(0)?),
        kind: row.string(1)?,
        from: Id(row.int(2)?),
        thought: row.opt_int(3)?.map(Id),
        created_at: row.int(4)?,
    })
}

/// Kinds as they are stored, with commas around them.
fn wanted(fields: &Fields) -> String {
    let is_asked = fields.list("types").next().is_some();
    let is_wanted = |name: &str| {
        let is_in = !is_asked || fields.list("types").any(|it| it == name);
        is_in && !fields.list("exclude_types").any(|it| it == name)
    };
    let kinds = KINDS.iter().filter(|(_, name)| is_wanted(name)).map(|(stored, _)| *stored);
    format!(",{},", kinds.collect::<Vec<_>>().join(","))
}

pub(super) async fn list(
    State(services): State<Services>,
    Me(me): Me,
    paging: Paging,
) -> Result<Response, Problem> {
    let (items, ends) = page(&services, me, &paging).await?;
    Ok(paging.page(services.base(), items, ends))
}

pub(super) async fn show(
    State(services): State<Services>,
    Me(me): Me,
    Path(id): Path<i64>,
) -> Result<Json<Notification>, Problem> {
    let addresses = services.addresses().clone();
    let found = services.state().read(move |conn| one(conn, &addresses, me, Id(id))).await;
    Ok(Json(found.map_err(Refusal::from)?.ok_or(Refusal::NotFound)?))
}

/// One of somebody's notifications.
pub(crate) fn one(
    conn: &mut Conn<'_>,
    addresses: &Addresses,
    me: Id,
    id: Id,
) -> Result<Option<Notification>, social::Error> {
    let (below, above) = (Id(id.0.saturating_add(1)), Id(id.0.saturating_sub(1)));
    let kinds = wanted(&Fields::default());
    let params = [v(me), v(below), v(above), v(&kinds), v(0_i64), v(1_i64), v(clock::now_micros())];
    let notes = conn.query(notes!("DESC"), &params, note)?;
    Ok(notifications(conn, addresses, me, &notes)?.pop())
}

pub(super) async fn count(State(services): State<Services>, Me(me): Me) -> Result<Json<Value>, Problem> {
    let counted = services.state().read_brief(move |conn| {
        conn.query_one(
            "SELECT count(*) FROM (SELECT 1 FROM social_notifications WHERE user_id = $1 AND read = 0 LIMIT $2) AS n",
            &[v(me), v(MAX_COUNT)],
            |row| row.int(0),
        )
    });
    Ok(Json(json!({ "count": counted.await.map_err(Refusal::from)? })))
}

pub(super) async fn none() -> Json<[(); 0]> {
    Json([])
}
