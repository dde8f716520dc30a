//! People of this server.

use axum::extract::{Request, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use server::{Access, Path, Problem, Route};
use social::{Id, users};
use store::{Conn, v};

use super::answer;
use super::reader::reader;
use crate::Error;
use crate::keys::INSTANCE_UUID;
use crate::outgoing::documents::person;
use crate::services::Services;

pub(super) fn routes() -> Vec<Route<Services>> {
    vec![
        Route::get("/users/{id}", Access::Public, "Shows somebody's actor, or leads to their page", actor)
            .gives_opaque(StatusCode::OK, activitypub::media_type::ACTIVITY),
    ]
}

pub(super) fn profile_routes() -> Vec<Route<Services>> {
    vec![
        Route::get("/@{username}", Access::Public, "Leads to somebody's profile", profile)
            .gives_nothing(StatusCode::SEE_OTHER),
    ]
}

/// Somebody at home, as far as a request has to know.
pub(super) struct Local {
    pub(super) id: Id,
    pub(super) uuid: String,
    pub(super) updated_at: i64,
    pub(super) is_gone: bool,
}

async fn actor(
    State(services): State<Services>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, _) = request.into_parts();
    if !answer::wants_activity(&parts.headers) {
        return Ok(shown(&services, &parts.headers, &id, ""));
    }
    // Who signs for the server is shown to everybody: others need its key to know who asks them.
    if id != INSTANCE_UUID {
        reader(&services, &parts).await?;
    }
    let local = found(&services, &id).await?;
    if local.uuid != id {
        return Ok(answer::redirect(StatusCode::FOUND, &services.names.actor(&local.uuid)));
    }
    if local.is_gone {
        let tombstone = activitypub::write::tombstone(&services.names.actor(&local.uuid), None);
        return Ok(answer::document(StatusCode::GONE, &tombstone));
    }
    let address = services.names.actor(&local.uuid);
    let written = match services.documents.get(&address, local.updated_at) {
        Some(written) => written,
        None => {
            // Makes one that is not there.
            services.keys.of(local.id).await?;
            let names = services.names.clone();
            let person = services.read(move |conn| person(conn, &names, local.id)).await?;
            let person = person.ok_or_else(|| Problem::not_found("Nobody here is called so"))?;
            services.documents.put(&address, local.updated_at, &person.document)
        }
    };
    Ok(answer::tagged(&parts.headers, &written.etag, written.body))
}

/// Somebody here by uuid or name, who is not suspended.
pub(super) async fn found(services: &Services, id: &str) -> Result<Local, Problem> {
    if id == INSTANCE_UUID {
        services.keys.instance().await?;
    }
    let wanted = id.to_lowercase();
    let local = services.state.read_brief(move |conn| find(conn, &wanted)).await?;
    local.ok_or_else(|| Problem::not_found("Nobody here is called so"))
}

fn find(conn: &mut Conn<'_>, id: &str) -> Result<Option<Local>, Error> {
    let column = if uuid::Uuid::parse_str(id).is_ok() { "uuid" } else { "handle_key" };
    conn.query_opt(
        &format!(
            "SELECT id, uuid, updated_at, deleted_at FROM social_users WHERE {column} = $1 AND host IS NULL AND suspended_at IS NULL"
        ),
        &[v(id)],
        |row| {
            Ok(Local {
                id: Id(row.int(0)?),
                uuid: row.string(1)?,
                updated_at: row.int(2)?,
                is_gone: row.opt_int(3)?.is_some(),
            })
        },
    )
}

async fn profile(
    State(services): State<Services>,
    Path(username): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    if answer::wants_activity(request.headers()) {
        let local = found(&services, &username).await?;
        return Ok(answer::redirect(StatusCode::FOUND, &services.names.actor(&local.uuid)));
    }
    Ok(shown(&services, request.headers(), &username, ""))
}

/// The way to somebody's page, or to what the REST API says of them.
pub(super) fn shown(services: &Services, headers: &HeaderMap, name: &str, list: &str) -> Response {
    let name: String = url::form_urlencoded::byte_serialize(name.as_bytes()).collect();
    answer::other(services, headers, &format!("/u/{name}"), &format!("/users/{name}{list}"))
}

/// Whether somebody elsewhere may see what only followers and those who are mentioned see.
pub(super) fn row_of(conn: &mut Conn<'_>, ap_id: &str) -> Result<Option<Id>, Error> {
    Ok(users::by_ap_id(conn, ap_id)?.map(|user| user.id))
}
