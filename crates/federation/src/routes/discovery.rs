//! How this server is found (spec/social.md §4.2).

use activitypub::Address;
use activitypub::nodeinfo::{NodeInfo, Version, discovery};
use activitypub::webfinger::{CONTENT_TYPE, Handle, HostMeta, Jrd, Resource};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};
use serde::Deserialize;
use server::{Access, Path, Problem, Query, Route};
use store::{Conn, v};
use utoipa::IntoParams;

use crate::Error;
use crate::keys::{INSTANCE_NAME, INSTANCE_UUID};
use crate::services::Services;

/// Microseconds of a month and of half a year.
const MONTH: i64 = 30 * 86_400_000_000;
const HALF_YEAR: i64 = 180 * 86_400_000_000;

pub(super) fn webfinger_routes() -> Vec<Route<Services>> {
    vec![
        Route::get(
            "/.well-known/webfinger",
            Access::Public,
            "Says where somebody's actor is (WebFinger)",
            webfinger,
        )
        .query::<Asked>()
        .gives_opaque(http::StatusCode::OK, CONTENT_TYPE),
    ]
}

pub(super) fn host_meta_routes() -> Vec<Route<Services>> {
    vec![
        Route::get("/.well-known/host-meta", Access::Public, "Says where WebFinger is", host_meta)
            .gives_opaque(http::StatusCode::OK, "application/xrd+xml"),
    ]
}

pub(super) fn nodeinfo_links() -> Vec<Route<Services>> {
    vec![
        Route::get("/.well-known/nodeinfo", Access::Public, "Says where NodeInfo is", links)
            .gives_opaque(http::StatusCode::OK, "application/json"),
    ]
}

pub(super) fn nodeinfo_routes() -> Vec<Route<Services>> {
    vec![
        Route::get(
            "/nodeinfo/{version}",
            Access::Public,
            "Says which software this is and how many use it",
            nodeinfo,
        )
        .gives_opaque(http::StatusCode::OK, "application/json"),
    ]
}

#[derive(Deserialize, IntoParams)]
struct Asked {
    /// A handle as `acct:alice@example.com`, or the address of an actor or a profile.
    resource: Option<String>,
}

async fn webfinger(
    State(services): State<Services>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let resource = asked.resource.filter(|resource| !resource.is_empty());
    let resource = resource.ok_or_else(|| {
        Problem::bad_request("resource is missing: name a handle as acct:alice@example.com")
    })?;
    let resource = Resource::parse(&resource)
        .ok_or_else(|| Problem::bad_request("resource is neither a handle nor an address"))?;
    let (names, wanted) = (services.names.clone(), resource);
    let found = services.read(move |conn| find(conn, &names, &wanted)).await?;
    let (username, uuid) = found.ok_or_else(|| Problem::not_found("Nobody here is called so"))?;
    let names = &services.names;
    let broken = |()| Problem::internal(Error::Broken("this server's own address is none"));
    let handle = Handle::new(&username, names.domain()).ok_or(()).map_err(broken)?;
    let actor = Address::parse(&names.actor(&uuid)).map_err(|_| broken(()))?;
    let profile = Address::parse(&names.profile(&username)).map_err(|_| broken(()))?;
    let body = serde_json::to_string(&Jrd::of(&handle, &actor, &profile)).map_err(Error::from)?;
    Ok(everybody(CONTENT_TYPE, body))
}

/// The user name and uuid of whoever is meant.
fn find(
    conn: &mut Conn<'_>,
    names: &crate::names::Names,
    resource: &Resource,
) -> Result<Option<(String, String)>, Error> {
    if let Some(handle) = resource.handle(names.address()) {
        if handle.host() != names.domain() && handle.host() != names.address().authority() {
            return Ok(None);
        }
        if handle.user() == INSTANCE_NAME || handle.user() == names.domain() {
            return Ok(Some((INSTANCE_NAME.to_owned(), INSTANCE_UUID.to_owned())));
        }
        return by(conn, "handle_key", handle.user());
    }
    let Resource::Address(address) = resource else { return Ok(None) };
    match names.local_actor(address) {
        Some(INSTANCE_UUID) => Ok(Some((INSTANCE_NAME.to_owned(), INSTANCE_UUID.to_owned()))),
        Some(uuid) => by(conn, "uuid", uuid),
        None => Ok(None),
    }
}

fn by(conn: &mut Conn<'_>, column: &str, key: &str) -> Result<Option<(String, String)>, Error> {
    conn.query_opt(
        &format!("SELECT username, uuid FROM social_users WHERE {column} = $1 AND host IS NULL AND deleted_at IS NULL AND suspended_at IS NULL"),
        &[v(key)],
        |row| Ok((row.string(0)?, row.string(1)?)),
    )
}

async fn host_meta(State(services): State<Services>) -> Response {
    everybody(HostMeta::CONTENT_TYPE, HostMeta::of(services.names.base()).to_xml())
}

async fn links(State(services): State<Services>) -> Response {
    everybody("application/json", discovery(services.names.base()).to_string())
}

async fn nodeinfo(
    State(services): State<Services>,
    Path(version): Path<String>,
) -> Result<Response, Problem> {
    let version = [Version::V2_0, Version::V2_1].into_iter().find(|known| known.as_str() == version);
    let version = version.ok_or_else(|| Problem::not_found("There are NodeInfo 2.0 and 2.1"))?;
    let now = clock::now_micros();
    let [total, month, half_year, posts] = match services.documents.figures() {
        Some(figures) => figures,
        None => services.documents.keep_figures(services.read(move |conn| figures(conn, now)).await?),
    };
    let info = NodeInfo {
        name: "belvedere",
        version: services.config.version,
        title: &services.title,
        description: &services.description,
        users: [total, month, half_year],
        local_posts: posts,
        open_registrations: services.open_registrations,
    };
    Ok(everybody(&version.content_type(), info.to_json(version).to_string()))
}

fn figures(conn: &mut Conn<'_>, now: i64) -> Result<[u64; 4], Error> {
    let people = "FROM social_users WHERE host IS NULL AND kind <> 'Service' AND deleted_at IS NULL";
    let mut count = |sql: &str, params: &[store::Value<'_>]| {
        let count = conn.query_one(sql, params, |row| row.int(0))?;
        Ok::<_, store::Error>(u64::try_from(count).unwrap_or_default())
    };
    Ok([
        count(&format!("SELECT count(*) {people}"), &[])?,
        count(&format!("SELECT count(*) {people} AND active_at > $1"), &[v(now - MONTH)])?,
        count(&format!("SELECT count(*) {people} AND active_at > $1"), &[v(now - HALF_YEAR)])?,
        count(
            "SELECT CAST(coalesce(sum(c.thoughts), 0) AS BIGINT) FROM social_user_counts c JOIN social_users u ON u.id = c.user_id WHERE u.host IS NULL",
            &[],
        )?,
    ])
}

/// For pages of every origin.
fn everybody(content_type: &str, body: String) -> Response {
    let content_type =
        HeaderValue::from_str(content_type).unwrap_or(HeaderValue::from_static("application/json"));
    let headers = [
        (header::CONTENT_TYPE, content_type),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")),
    ];
    (headers, body).into_response()
}
