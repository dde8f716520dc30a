//! `GET /social/users`: everybody at home here, or those whose name begins so.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use server::{Json, Problem, Query};
use store::{Conn, v};
use utoipa::{IntoParams, ToSchema};

use super::{INSTANCE, UserView, views};
use crate::services::Services;
use crate::wire::{Page, Paging, Viewer};
use crate::{Error, Id, visibility};

/// What somebody is called.
#[derive(Deserialize, IntoParams)]
pub(super) struct Wanted {
    /// How a username begins, or what is in a display name.
    q: Option<String>,
}

const HERE: &str = "u.host IS NULL AND u.deleted_at IS NULL AND u.suspended_at IS NULL";

pub(super) async fn list(
    State(services): State<Services>,
    Viewer(viewer): Viewer,
    Query(paging): Query<Paging>,
    Query(Wanted { q }): Query<Wanted>,
) -> Result<Json<Page<UserView>>, Problem> {
    let (addresses, offset, now) = (services.addresses().clone(), paging.offset()?, clock::now_micros());
    let page = services.ask(move |conn| {
        let (ids, total) = find(conn, viewer, now, q.as_deref(), (paging.limit(), offset))?;
        Ok::<_, Error>(paging.of(views(conn, &addresses, viewer, &ids)?, total))
    });
    Ok(Json(page.await?))
}

fn find(
    conn: &mut Conn<'_>,
    viewer: Option<Id>,
    now: i64,
    wanted: Option<&str>,
    (limit, offset): (i64, i64),
) -> Result<(Vec<i64>, i64), Error> {
    let bears = viewer
        .map_or_else(String::new, |viewer| format!("AND {}", visibility::rule::bears("u.id", viewer, now)));
    // Nor before everybody: whoever asks for somebody by their whole name knows them.
    let heard = visibility::rule::heard("u.id", viewer);
    let wanted = wanted.map(|text| text.trim().trim_start_matches('@').to_lowercase()).unwrap_or_default();
    let escaped = wanted.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    let (begins, contains) = (format!("{escaped}%"), format!("%{escaped}%"));
    let matches = "(u.handle_key LIKE $2 ESCAPE '\\' OR coalesce(u.name_key, lower(u.display_name), '') LIKE $3 ESCAPE '\\')";
    let from = format!(
        "FROM social_users u WHERE {HERE} AND u.uuid <> $1 AND {matches} AND ({heard} OR u.handle_key = $4) {bears}"
    );
    let parameters = [v(INSTANCE), v(&begins), v(&contains), v(&wanted)];
    let total = conn.query_one(&format!("SELECT count(*) {from}"), &parameters, |row| row.int(0))?;
    let sql = format!("SELECT u.id {from} ORDER BY u.handle_key LIMIT {limit} OFFSET {offset}");
    Ok((conn.query(&sql, &parameters, |row| row.int(0))?, total))
}

/// How many.
#[derive(Serialize, ToSchema)]
#[schema(as = SocialUserCount)]
pub(super) struct Count {
    count: i64,
}

pub(super) async fn count(State(services): State<Services>) -> Result<Json<Count>, Problem> {
    let sql = format!("SELECT count(*) FROM social_users u WHERE {HERE} AND u.uuid <> $1");
    let count = services.ask(move |conn| Ok(conn.query_one(&sql, &[v(INSTANCE)], |row| row.int(0))?));
    Ok(Json(Count { count: count.await? }))
}
