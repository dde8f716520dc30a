//! The routes that show what people are to each other.

use axum::extract::State;
use serde::Serialize;
use server::{Json, Path, Problem, Query};
use utoipa::ToSchema;

use super::{Home, List, Part, count, list, top_friends};
use crate::services::Services;
use crate::users::{self, ActorView, User, UserView, views};
use crate::wire::{Me, Page, Paging, Viewer};
use crate::{Error, Id};

type Users = Result<Json<Page<UserView>>, Problem>;

/// Actors that are listed at once where a list has no pages.
const MAX_ACTORS: i64 = 1000;

async fn page(
    services: &Services,
    viewer: Option<Id>,
    which: (List, Home),
    user: &User,
    paging: Paging,
) -> Users {
    let (addresses, now) = (services.addresses().clone(), clock::now_micros());
    let part = Part { before: Id::MAX, limit: paging.limit(), offset: paging.offset()? };
    let (id, counts) = (user.id, user.counts);
    let page = services.ask(move |conn| {
        let ids = list(conn, now, viewer, which, id, part)?;
        let total = match which {
            (List::Followers, Home::Anywhere) => counts.followers,
            (List::Following, Home::Anywhere) => counts.following,
            which => count(conn, which, id)?,
        };
        Ok::<_, Error>(paging.of(views(conn, &addresses, viewer, &ids)?, total))
    });
    Ok(Json(page.await?))
}

async fn mine(services: &Services, Me(me): Me, which: List, home: Home, paging: Paging) -> Users {
    let user = services.ask(move |conn| users::by_id(conn, me)).await?.ok_or(Error::NotFound("user"))?;
    page(services, Some(me), (which, home), &user, paging).await
}

pub(super) async fn followers(
    State(services): State<Services>,
    Viewer(viewer): Viewer,
    Path(name): Path<String>,
    Query(paging): Query<Paging>,
) -> Users {
    let user = services.somebody(&name).await?;
    page(&services, viewer, (List::Followers, Home::Anywhere), &user, paging).await
}

pub(super) async fn following(
    State(services): State<Services>,
    Viewer(viewer): Viewer,
    Path(name): Path<String>,
    Query(paging): Query<Paging>,
) -> Users {
    let user = services.somebody(&name).await?;
    page(&services, viewer, (List::Following, Home::Anywhere), &user, paging).await
}

pub(super) async fn my_following(
    State(services): State<Services>,
    me: Me,
    Query(paging): Query<Paging>,
) -> Users {
    mine(&services, me, List::Following, Home::Anywhere, paging).await
}

pub(super) async fn my_friends(
    State(services): State<Services>,
    me: Me,
    Query(paging): Query<Paging>,
) -> Users {
    mine(&services, me, List::Friends, Home::Here, paging).await
}

pub(super) async fn my_requests(
    State(services): State<Services>,
    me: Me,
    Query(paging): Query<Paging>,
) -> Users {
    mine(&services, me, List::Requests, Home::Anywhere, paging).await
}

pub(super) async fn my_blocks(
    State(services): State<Services>,
    me: Me,
    Query(paging): Query<Paging>,
) -> Users {
    mine(&services, me, List::Blocks, Home::Anywhere, paging).await
}

pub(super) async fn my_mutes(
    State(services): State<Services>,
    me: Me,
    Query(paging): Query<Paging>,
) -> Users {
    mine(&services, me, List::Mutes, Home::Anywhere, paging).await
}

/// Whom somebody shows on their profile.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SocialTopFriends)]
pub(super) struct TopFriends {
    top_friends: Vec<UserView>,
}

pub(super) async fn friends_of(
    State(services): State<Services>,
    Path(name): Path<String>,
) -> Result<Json<TopFriends>, Problem> {
    let (user, addresses) = (services.somebody(&name).await?, services.addresses().clone());
    let top_friends = services.ask(move |conn| {
        let ids = top_friends(conn, user.id)?;
        views(conn, &addresses, None, &ids)
    });
    Ok(Json(TopFriends { top_friends: top_friends.await? }))
}

/// Those of a list of one's own who are elsewhere, as other servers know them.
async fn actors(services: &Services, Me(me): Me, which: List) -> Result<Json<Vec<ActorView>>, Problem> {
    let (addresses, now) = (services.addresses().clone(), clock::now_micros());
    let part = Part { before: Id::MAX, limit: MAX_ACTORS, offset: 0 };
    let actors = services.ask(move |conn| {
        let ids = list(conn, now, Some(me), (which, Home::Elsewhere), me, part)?;
        let users = users::by_ids(conn, &ids)?;
        ActorView::of(conn, &addresses, &users)
    });
    Ok(Json(actors.await?))
}

type Actors = Result<Json<Vec<ActorView>>, Problem>;

pub(super) async fn requests_from_elsewhere(State(services): State<Services>, me: Me) -> Actors {
    actors(&services, me, List::Requests).await
}

pub(super) async fn followers_elsewhere(State(services): State<Services>, me: Me) -> Actors {
    actors(&services, me, List::Followers).await
}

pub(super) async fn following_elsewhere(State(services): State<Services>, me: Me) -> Actors {
    actors(&services, me, List::Following).await
}

pub(super) async fn friends_elsewhere(State(services): State<Services>, me: Me) -> Actors {
    actors(&services, me, List::Friends).await
}

pub(super) async fn blocks_elsewhere(State(services): State<Services>, me: Me) -> Actors {
    actors(&services, me, List::Blocks).await
}

/// The hosts that one wants to see nothing of.
pub(super) async fn my_domains(
    State(services): State<Services>,
    Me(me): Me,
) -> Result<Json<Vec<String>>, Problem> {
    let sql = "SELECT domain FROM social_user_domain_blocks WHERE user_id = $1 ORDER BY domain";
    let domains =
        services.ask(move |conn| conn.query(sql, &[me.into()], |row| Ok::<_, Error>(row.string(0)?)));
    Ok(Json(domains.await?))
}
