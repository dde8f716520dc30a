//! Whom people elsewhere know, as their servers list it (spec/social.md §3.4, §5.4).

use axum::extract::State;
use serde::{Deserialize, Serialize};
use server::{Json, Path, Problem, Query};
use store::v;
use utoipa::{IntoParams, ToSchema};

use crate::Error;
use crate::services::Services;
use crate::wire::Viewer;

/// Entries of a page.
const PAGE: i64 = 20;

/// The last page that there can be: 500 people are read of one list.
const LAST: i64 = 25;

/// Which page.
#[derive(Deserialize, IntoParams)]
pub(super) struct Number {
    /// From 1 on.
    #[param(minimum = 1)]
    page: Option<i64>,
}

/// A page of a list. The first visit may find nothing yet: the list is fetched behind it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SocialConnections)]
pub(super) struct Connections {
    items: Vec<Connection>,
    page: i64,
    has_more: bool,
}

/// Somebody whom somebody knows; perhaps nobody who is known here.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SocialConnection)]
struct Connection {
    handle: String,
    display_name: Option<String>,
    avatar_url: Option<String>,
    url: String,
}

type Shown = Result<Json<Connections>, Problem>;

pub(super) async fn followers(
    State(services): State<Services>,
    viewer: Viewer,
    Path(handle): Path<String>,
    Query(number): Query<Number>,
) -> Shown {
    show(&services, viewer, &handle, "followers", number).await
}

pub(super) async fn following(
    State(services): State<Services>,
    viewer: Viewer,
    Path(handle): Path<String>,
    Query(number): Query<Number>,
) -> Shown {
    show(&services, viewer, &handle, "following", number).await
}

async fn show(
    services: &Services,
    Viewer(viewer): Viewer,
    handle: &str,
    kind: &'static str,
    Number { page }: Number,
) -> Shown {
    let user = services.looked_up(viewer, handle).await?;
    if user.is_local() {
        return Err(Error::NotFound("actor").into());
    }
    services.looked_at(&user);
    let page = page.unwrap_or(1).clamp(1, LAST);
    let sql = "SELECT handle, display_name, avatar_url, url FROM social_connections
               WHERE user_id = $1 AND kind = $2 AND position >= $3 ORDER BY position LIMIT $4";
    let items = services.ask(move |conn| {
        conn.query(sql, &[user.id.into(), v(kind), v((page - 1) * PAGE), v(PAGE)], |row| {
            Ok::<_, Error>(Connection {
                handle: row.string(0)?,
                display_name: row.opt_text(1)?.map(str::to_owned),
                avatar_url: row.opt_text(2)?.map(str::to_owned),
                url: row.string(3)?,
            })
        })
    });
    let items = items.await?;
    let has_more = i64::try_from(items.len()).is_ok_and(|len| len == PAGE);
    Ok(Json(Connections { items, page, has_more }))
}
