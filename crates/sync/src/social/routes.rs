//! The routes of people.

use std::sync::Arc;

use axum::extract::State;
use serde::{Deserialize, Serialize};
use server::{Access, Json, Problem, Route};

use super::feed::{self, Post};
use super::friends::{Step, take};
use super::person::{self, Person};
use crate::Error;
use crate::services::Services;
use crate::wire::{Base, Body, Label, Owner, Params, Search};

pub(crate) fn routes() -> Vec<Route<Services>> {
    let known = Access::Authenticated;
    vec![
        Route::get("/v1/user/search", known, "People by the beginning of their name", search),
        Route::get("/v1/user/{id}", known, "One person", show),
        Route::get("/v1/friends", known, "Friends, and requests either way", friends),
        Route::post("/v1/friends/add", known, "Asks for friendship, or accepts it", add),
        Route::post("/v1/friends/remove", known, "Ends a friendship, or refuses it", remove),
        Route::get("/v1/feed", known, "What the account was told, newest first", read_feed),
    ]
}

#[derive(Serialize)]
struct One {
    user: Option<Person>,
}

#[derive(Serialize)]
struct People {
    users: Vec<Person>,
}

#[derive(Serialize)]
struct Friends {
    friends: Vec<Person>,
}

async fn show(
    State(services): State<Services>,
    owner: Owner,
    base: Base,
    Params([id]): Params<1>,
) -> Result<Json<One>, Problem> {
    let user = services.relay.read(move |conn| person::find(conn, &owner.account, &id)).await?;
    Ok(Json(One { user: Some(user.ok_or(Error::NotFound("User"))?.at(&base)) }))
}

#[derive(Deserialize)]
struct Name {
    query: Label,
}

async fn search(
    State(services): State<Services>,
    owner: Owner,
    base: Base,
    Search(Name { query }): Search<Name>,
) -> Result<Json<People>, Problem> {
    let users = services.relay.list(move |conn| person::search(conn, &owner.account, &query)).await?;
    Ok(Json(People { users: at(&base, users) }))
}

async fn friends(
    State(services): State<Services>,
    owner: Owner,
    base: Base,
) -> Result<Json<Friends>, Problem> {
    let friends = services.relay.list(move |conn| person::friends(conn, &owner.account)).await?;
    Ok(Json(Friends { friends: at(&base, friends) }))
}

/// People as they are shown to whoever reaches this server at `base`.
fn at(base: &Base, people: Vec<Person>) -> Vec<Person> {
    people.into_iter().map(|person| person.at(base)).collect()
}

#[derive(Deserialize)]
struct Whom {
    uid: Label,
}

async fn add(
    services: State<Services>,
    owner: Owner,
    base: Base,
    body: Body<Whom>,
) -> Result<Json<One>, Problem> {
    step(services.0, owner, &base, body.0, Step::Add).await
}

async fn remove(
    services: State<Services>,
    owner: Owner,
    base: Base,
    body: Body<Whom>,
) -> Result<Json<One>, Problem> {
    step(services.0, owner, &base, body.0, Step::Remove).await
}

async fn step(
    services: Services,
    owner: Owner,
    base: &Base,
    whom: Whom,
    step: Step,
) -> Result<Json<One>, Problem> {
    let (me, them): (_, Arc<str>) = (owner.account.clone(), (&*whom.uid).into());
    let user = services.relay.write(&owner.account, move |tx| take(tx, &me, &them, step)).await?;
    Ok(Json(One { user: user.map(|user| user.at(base)) }))
}

#[derive(Deserialize)]
struct Page {
    before: Option<String>,
    after: Option<String>,
    limit: Option<i64>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Posts {
    items: Vec<Post>,
    has_more: bool,
}

async fn read_feed(
    State(services): State<Services>,
    owner: Owner,
    Search(page): Search<Page>,
) -> Result<Json<Posts>, Problem> {
    let limit = match page.limit.unwrap_or(50) {
        limit if (1..=200).contains(&limit) => limit,
        _ => return Err(Problem::bad_request("querystring/limit must be 1 to 200").named("Error")),
    };
    let (after, before) = match (&page.before, &page.after) {
        (Some(before), _) => (0, feed::counter(before)?),
        (None, Some(after)) => (feed::counter(after)?, i64::MAX),
        (None, None) => (0, i64::MAX),
    };
    let read = move |conn: &mut store::Conn<'_>| feed::read(conn, &owner.account, after, before, limit + 1);
    let mut items = services.relay.list(read).await?;
    let has_more = i64::try_from(items.len()).is_ok_and(|found| found > limit);
    items.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(Json(Posts { items, has_more }))
}
