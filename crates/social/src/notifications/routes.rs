//! `/social/notifications`.

use std::collections::HashMap;

use axum::extract::State;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use server::{Access, Json, Path, Problem, Query, Route};
use utoipa::ToSchema;

use super::{list, mark, unread};
use crate::services::Services;
use crate::users::{UserView, by_row};
use crate::wire::{Me, Paging, instant};
use crate::{Error, Id};

pub(crate) fn routes() -> Vec<Route<Services>> {
    let known = Access::Authenticated;
    vec![
        Route::get("/social/notifications", known, "What one has been told", show)
            .query::<Paging>()
            .gives::<Notifications>(StatusCode::OK),
        Route::patch("/social/notifications", known, "Mark all as read, or as not", mark_all)
            .takes::<Mark>()
            .gives_nothing(StatusCode::NO_CONTENT),
        Route::patch("/social/notifications/{id}", known, "Mark one", mark_one)
            .takes::<Mark>()
            .gives_nothing(StatusCode::NO_CONTENT),
    ]
}

/// A page of them.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SocialNotifications)]
struct Notifications {
    items: Vec<NotificationView>,
    total: i64,
    unread: i64,
    page: i64,
    per_page: i64,
}

/// What somebody did.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SocialNotification)]
struct NotificationView {
    id: String,
    /// `like`, `boost`, `follow`, `follow_request`, `reply`, `mention`, `status` or `update`.
    notification_type: String,
    from_user: Option<UserView>,
    thought_id: Option<String>,
    read: bool,
    created_at: String,
}

async fn show(
    State(services): State<Services>,
    Me(me): Me,
    Query(paging): Query<Paging>,
) -> Result<Json<Notifications>, Problem> {
    let (addresses, now) = (services.addresses().clone(), clock::now_micros());
    let part = (paging.limit(), paging.offset()?);
    let page = services.ask(move |conn| {
        let rows = list(conn, now, me, Id::MAX, part)?;
        let mut from: Vec<i64> = rows.iter().map(|row| row.from.0).collect();
        from.sort_unstable();
        from.dedup();
        let views: HashMap<i64, UserView> = by_row(conn, &addresses, Some(me), &from)?;
        let (total, unread) = unread(conn, me)?;
        let items = rows.into_iter().map(|row| NotificationView {
            id: row.uuid,
            notification_type: row.kind,
            from_user: views.get(&row.from.0).cloned(),
            thought_id: row.thought_uuid,
            read: row.is_read,
            created_at: instant(row.created_at),
        });
        let paging = paging.of(items.collect(), total);
        let (page, per_page) = (paging.page, paging.per_page);
        Ok::<_, Error>(Notifications { items: paging.items, total, unread, page, per_page })
    });
    Ok(Json(page.await?))
}

/// Whether they have been read.
#[derive(Deserialize, ToSchema)]
#[schema(as = SocialNotificationMark)]
struct Mark {
    read: bool,
}

async fn mark_all(
    State(services): State<Services>,
    Me(me): Me,
    Json(Mark { read }): Json<Mark>,
) -> Result<StatusCode, Problem> {
    services.change(move |conn| mark(conn, me, None, read)).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn mark_one(
    State(services): State<Services>,
    Me(me): Me,
    Path(id): Path<String>,
    Json(Mark { read }): Json<Mark>,
) -> Result<StatusCode, Problem> {
    let marked = services.change(move |conn| mark(conn, me, Some(&id), read)).await?;
    if marked == 0 { Err(Error::NotFound("notification").into()) } else { Ok(StatusCode::NO_CONTENT) }
}
