//! What people are to each other, and changing it.

use axum::extract::{RawQuery, State};
use clock::now_micros;
use server::{Json, Path, Problem};
use social::relations;
use social::users::User;
use social::{Id, Told};
use store::{Conn, v};

use super::show::find;
use crate::caller::Me;
use crate::entities::{Relationship, relationships};
use crate::fields::Fields;
use crate::refusal::Refusal;
use crate::services::Services;
use crate::told::Telling;

/// People who are asked for at once.
const MAX_MANY: usize = 80;

/// Seconds that a mute may last.
const MAX_MUTE: i64 = 10 * 365 * 24 * 3600;

pub(super) async fn show(
    State(services): State<Services>,
    Me(me): Me,
    RawQuery(query): RawQuery,
) -> Result<Json<Vec<Relationship>>, Problem> {
    let asked = Fields::of_form(query.unwrap_or_default().as_bytes());
    let ids: Vec<Id> = asked.list("id").filter_map(|id| id.parse().ok()).take(MAX_MANY).collect();
    let read = services.social.ask(move |conn| relationships(conn, me, &ids, now_micros())).await;
    Ok(Json(read.map_err(Refusal::from)?))
}

/// Changes something between the caller and somebody, tells whoever looks on, and shows what they are to each other then.
pub(super) async fn changed(
    services: &Services,
    me: Id,
    other: Id,
    change: impl Fn(&mut Conn<'_>, i64, &User, &User) -> Result<Telling, social::Error> + Send + 'static,
) -> Result<Json<Relationship>, Problem> {
    let now = now_micros();
    let done = services.social.change(move |conn| {
        let (me, other) = (find(conn, me)?, find(conn, other)?);
        let telling = change(conn, now, &me, &other)?;
        Ok((telling, relationships(conn, me.id, &[other.id], now)?.pop()))
    });
    let (telling, relationship) = done.await.map_err(Refusal::from)?;
    let telling = telling.and(Told::Changed { user_id: me.0 }).and(Told::Changed { user_id: other.0 });
    telling.tell(&services.social).await;
    Ok(Json(relationship.ok_or(Refusal::NotFound)?))
}

pub(super) async fn follow(
    State(services): State<Services>,
    Me(me): Me,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Json<Relationship>, Problem> {
    let addresses = services.addresses().clone();
    let (boosts, notify) = (fields.flag("reblogs"), fields.flag("notify"));
    changed(&services, me, Id(id), move |conn, now, me, other| {
        let followed = relations::follow(conn, now, &addresses, me, other, None)?;
        conn.execute(
            "UPDATE social_follows SET show_boosts = coalesce($3, show_boosts), notify = coalesce($4, notify)
             WHERE follower = $1 AND followed = $2",
            &[v(me.id), v(other.id), v(boosts.map(i64::from)), v(notify.map(i64::from))],
        )?;
        Ok(Telling::default().notified(followed.notified))
    })
    .await
}

pub(super) async fn unfollow(
    State(services): State<Services>,
    Me(me): Me,
    Path(id): Path<i64>,
) -> Result<Json<Relationship>, Problem> {
    changed(&services, me, Id(id), |conn, now, me, other| ended(relations::unfollow(conn, now, me, other)))
        .await
}

pub(super) async fn remove(
    State(services): State<Services>,
    Me(me): Me,
    Path(id): Path<i64>,
) -> Result<Json<Relationship>, Problem> {
    changed(&services, me, Id(id), |conn, now, me, other| ended(relations::reject(conn, now, other, me)))
        .await
}

/// What was not there has ended.
pub(super) fn ended(outcome: Result<(), social::Error>) -> Result<Telling, social::Error> {
    match outcome {
        Ok(()) | Err(social::Error::NotFound(_)) => Ok(Telling::default()),
        Err(error) => Err(error),
    }
}

pub(super) async fn block(
    State(services): State<Services>,
    Me(me): Me,
    Path(id): Path<i64>,
) -> Result<Json<Relationship>, Problem> {
    let addresses = services.addresses().clone();
    changed(&services, me, Id(id), move |conn, now, me, other| {
        relations::block(conn, now, &addresses, me, other)?;
        Ok(Telling::default())
    })
    .await
}

pub(super) async fn unblock(
    State(services): State<Services>,
    Me(me): Me,
    Path(id): Path<i64>,
) -> Result<Json<Relationship>, Problem> {
    changed(&services, me, Id(id), |conn, now, me, other| ended(relations::unblock(conn, now, me, other)))
        .await
}

pub(super) async fn mute(
    State(services): State<Services>,
    Me(me): Me,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Json<Relationship>, Problem> {
    let notifications = fields.flag("notifications").unwrap_or(true);
    let seconds = fields.number("duration").filter(|seconds| *seconds > 0).map(|it| it.min(MAX_MUTE));
    changed(&services, me, Id(id), move |conn, now, me, other| {
        let ends_at = seconds.map(|seconds| now + seconds * 1_000_000);
        relations::mute(conn, now, me.id, other.id, notifications, ends_at)?;
        Ok(Telling::default())
    })
    .await
}

pub(super) async fn unmute(
    State(services): State<Services>,
    Me(me): Me,
    Path(id): Path<i64>,
) -> Result<Json<Relationship>, Problem> {
    changed(&services, me, Id(id), |conn, _, me, other| ended(relations::unmute(conn, me.id, other.id))).await
}
