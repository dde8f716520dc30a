//! Lists of people and of what they wrote (spec/social.md §4.5).

use activitypub::write::{CollectionDocument, PageDocument};
use axum::extract::{Request, State};
use axum::response::Response;
use http::StatusCode;
use serde::Deserialize;
use serde_json::Value;
use server::{Access, Path, Problem, Query, Route};
use social::Id;
use store::{Conn, v};
use utoipa::IntoParams;

use super::actors::{Local, found, shown};
use super::answer;
use super::reader::reader;
use crate::Error;
use crate::keys::INSTANCE_UUID;
use crate::names::Names;
use crate::services::Services;

/// Entries of a page.
const PAGE: i64 = 20;

/// The last page of a list of people that is counted out.
const LAST_PAGE: i64 = 25_000;

pub(super) fn routes() -> Vec<Route<Services>> {
    let activity = activitypub::media_type::ACTIVITY;
    vec![
        Route::get("/users/{id}/outbox", Access::Public, "Lists what somebody wrote and boosted", outbox)
            .query::<Page>()
            .gives_opaque(StatusCode::OK, activity),
        Route::get("/users/{id}/followers", Access::Public, "Lists who follows somebody", followers)
            .query::<Page>()
            .gives_opaque(StatusCode::OK, activity),
        Route::get("/users/{id}/following", Access::Public, "Lists whom somebody follows", following)
            .query::<Page>()
            .gives_opaque(StatusCode::OK, activity),
        Route::get(
            "/users/{id}/featured",
            Access::Public,
            "Lists what somebody has pinned, which is nothing",
            featured,
        )
        .gives_opaque(StatusCode::OK, activity),
    ]
}

#[derive(Deserialize, IntoParams)]
pub(super) struct Page {
    /// `true`, or the number of a page of people.
    pub(super) page: Option<String>,
    /// What comes after this, which an earlier page names.
    pub(super) before: Option<i64>,
}

async fn owner(services: &Services, id: &str, request: Request) -> Result<Local, Problem> {
    let (parts, _) = request.into_parts();
    reader(services, &parts).await?;
    let local = found(services, id).await?;
    if local.is_gone || local.uuid == INSTANCE_UUID {
        return Err(Problem::not_found("Nobody here has such a list"));
    }
    Ok(local)
}

async fn featured(
    State(services): State<Services>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let local = owner(&services, &id, request).await?;
    let id = services.names.of_actor(&local.uuid, "featured");
    Ok(answer::document(StatusCode::OK, &CollectionDocument { id: &id, total: 0, first: None }.to_json()))
}

async fn followers(
    State(services): State<Services>,
    Path(id): Path<String>,
    Query(page): Query<Page>,
    request: Request,
) -> Result<Response, Problem> {
    people(services, id, page, request, "followers").await
}

async fn following(
    State(services): State<Services>,
    Path(id): Path<String>,
    Query(page): Query<Page>,
    request: Request,
) -> Result<Response, Problem> {
    people(services, id, page, request, "following").await
}

async fn people(
    services: Services,
    id: String,
    page: Page,
    request: Request,
    which: &'static str,
) -> Result<Response, Problem> {
    if !answer::wants_activity(request.headers()) {
        return Ok(shown(&services, request.headers(), &id, &format!("/{which}")));
    }
    let local = owner(&services, &id, request).await?;
    let list = services.names.of_actor(&local.uuid, which);
    let Some(number) = page.page.as_deref().and_then(|number| number.parse::<i64>().ok()) else {
        let total = services.read(move |conn| total(conn, which, local.id)).await?;
        let first = format!("{list}?page=1");
        let document = CollectionDocument { id: &list, total, first: Some(&first) };
        return Ok(answer::document(StatusCode::OK, &document.to_json()));
    };
    let (number, names, hidden) =
        (number.clamp(1, LAST_PAGE), services.names.clone(), services.config.hide_collections);
    let entries =
        services.read(
            move |conn| if hidden { Ok(Vec::new()) } else { entries(conn, &names, which, local.id, number) },
        );
    let items = entries.await?;
    let at = |number: i64| format!("{list}?page={number}");
    let is_full = i64::try_from(items.len()).is_ok_and(|len| len == PAGE);
    let (next, prev) = (is_full.then(|| at(number + 1)), (number > 1).then(|| at(number - 1)));
    let document =
        PageDocument { id: &at(number), part_of: &list, items, next: next.as_deref(), prev: prev.as_deref() };
    Ok(answer::document(StatusCode::OK, &document.to_json()))
}

fn total(conn: &mut Conn<'_>, which: &str, of: Id) -> Result<u64, Error> {
    let sql = format!("SELECT {which} FROM social_user_counts WHERE user_id = $1");
    let total = conn.query_opt(&sql, &[v(of)], |row| row.int(0))?.unwrap_or_default();
    Ok(u64::try_from(total).unwrap_or_default())
}

fn entries(conn: &mut Conn<'_>, names: &Names, which: &str, of: Id, page: i64) -> Result<Vec<Value>, Error> {
    let (other, own) = if which == "followers" { ("follower", "followed") } else { ("followed", "follower") };
    conn.query(
        &format!(
            "SELECT u.uuid, u.ap_id FROM social_follows f JOIN social_users u ON u.id = f.{other}
             WHERE f.{own} = $1 AND f.state = 'accepted' ORDER BY f.{other} LIMIT $2 OFFSET $3"
        ),
        &[v(of), v(PAGE), v((page - 1) * PAGE)],
        |row| {
            Ok(Value::from(match row.opt_text(1)? {
                Some(address) => address.to_owned(),
                None => names.actor(row.text(0)?),
            }))
        },
    )
}

async fn outbox(
    State(services): State<Services>,
    Path(id): Path<String>,
    Query(page): Query<Page>,
    request: Request,
) -> Result<Response, Problem> {
    let local = owner(&services, &id, request).await?;
    let list = services.names.of_actor(&local.uuid, "outbox");
    if page.page.is_none() {
        let total = services.read(move |conn| super::activities::total(conn, local.id)).await?;
        let first = format!("{list}?page=true");
        let document = CollectionDocument { id: &list, total, first: Some(&first) };
        return Ok(answer::document(StatusCode::OK, &document.to_json()));
    }
    let (names, before) = (services.names.clone(), page.before);
    let (items, last) =
        services.read(move |conn| super::activities::page(conn, &names, local.id, before, PAGE)).await?;
    let own = before
        .map_or_else(|| format!("{list}?page=true"), |before| format!("{list}?page=true&before={before}"));
    let next = last.map(|last| format!("{list}?page=true&before={last}"));
    let document = PageDocument { id: &own, part_of: &list, items, next: next.as_deref(), prev: None };
    Ok(answer::document(StatusCode::OK, &document.to_json()))
}
