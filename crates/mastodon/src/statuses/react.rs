//! Likes, boosts and bookmarks.

use axum::extract::State;
use clock::now_micros;
use server::{Json, Path, Problem};
use social::users::User;
use social::{Id, Told, reactions};
use store::{Conn, v};

use crate::accounts::find;
use crate::caller::Me;
use crate::entities::{Status, meant, status};
use crate::refusal::Refusal;
use crate::services::Services;
use crate::told::Telling;

/// What is shown afterwards, and what is told.
type Done = (Id, Telling);

/// Does something to the thought that is meant, and shows it.
async fn done(
    services: &Services,
    me: Id,
    id: i64,
    change: impl Fn(&mut Conn<'_>, i64, &User, Id) -> Result<Done, social::Error> + Send + 'static,
) -> Result<Json<Status>, Problem> {
    let (addresses, now) = (services.addresses().clone(), now_micros());
    let done = services.social.change(move |conn| {
        let user = find(conn, me)?;
        let thought = meant(conn, Some(me), Id(id))?.ok_or(social::Error::NotFound("status"))?;
        let (shown, telling) = change(conn, now, &user, thought)?;
        Ok((status(conn, &addresses, Some(me), shown)?, telling))
    });
    let (status, telling) = done.await.map_err(Refusal::from)?;
    telling.tell(&services.social).await;
    Ok(Json(status.ok_or(Refusal::NotFound)?))
}

pub(super) async fn like(
    State(services): State<Services>,
    Me(me): Me,
    Path(id): Path<i64>,
) -> Result<Json<Status>, Problem> {
    done(&services, me, id, |conn, now, user, thought| {
        let liked = reactions::like(conn, now, user, thought, None)?;
        Ok((thought, Telling::default().notified(liked.notified)))
    })
    .await
}

pub(super) async fn unlike(
    State(services): State<Services>,
    Me(me): Me,
    Path(id): Path<i64>,
) -> Result<Json<Status>, Problem> {
    done(&services, me, id, |conn, now, user, thought| {
        reactions::unlike(conn, now, user, thought)?;
        Ok((thought, Telling::default()))
    })
    .await
}

pub(super) async fn boost(
    State(services): State<Services>,
    Me(me): Me,
    Path(id): Path<i64>,
) -> Result<Json<Status>, Problem> {
    done(&services, me, id, |conn, now, user, thought| {
        let boosted = reactions::boost(conn, now, user, thought, None, None)?;
        let telling = Telling::default().notified(boosted.notified);
        let told = Told::Boosted { id: boosted.id.0, user_id: user.id.0, thought_id: thought.0 };
        Ok((boosted.id, if boosted.is_new { telling.and(told) } else { telling }))
    })
    .await
}

pub(super) async fn unboost(
    State(services): State<Services>,
    Me(me): Me,
    Path(id): Path<i64>,
) -> Result<Json<Status>, Problem> {
    done(&services, me, id, |conn, now, user, thought| {
        let ended = reactions::unboost(conn, now, user, thought)?;
        let told = ended.map(|id| Told::Deleted { id: id.0, user_id: user.id.0 });
        Ok((thought, told.into_iter().fold(Telling::default(), Telling::and)))
    })
    .await
}

pub(super) async fn bookmark(
    State(services): State<Services>,
    Me(me): Me,
    Path(id): Path<i64>,
) -> Result<Json<Status>, Problem> {
    done(&services, me, id, |conn, now, user, thought| {
        let sql = "INSERT INTO social_bookmarks (id, user_id, thought_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
        Id::insert(conn, "social_bookmarks", now, |conn, id| {
            conn.execute(sql, &[v(id), v(user.id), v(thought)])
        })?;
        Ok((thought, Telling::default()))
    })
    .await
}

pub(super) async fn unbookmark(
    State(services): State<Services>,
    Me(me): Me,
    Path(id): Path<i64>,
) -> Result<Json<Status>, Problem> {
    done(&services, me, id, |conn, _, user, thought| {
        let sql = "DELETE FROM social_bookmarks WHERE user_id = $1 AND thought_id = $2";
        conn.execute(sql, &[v(user.id), v(thought)])?;
        Ok((thought, Telling::default()))
    })
    .await
}
