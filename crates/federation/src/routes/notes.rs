//! Thoughts of this server, to those who may see them (spec/social.md §4.4).

use activitypub::write::{CollectionDocument, PageDocument, tombstone};
use axum::extract::{Request, State};
use axum::response::Response;
use http::request::Parts;
use http::{HeaderMap, StatusCode};
use serde_json::Value;
use server::{Access, Path, Problem, Query, Route};
use social::{Id, Visibility, thoughts};
use store::{Conn, v};

use super::actors::row_of;
use super::answer;
use super::collections::Page;
use super::reader::reader;
use crate::Error;
use crate::inbox::signer;
use crate::outgoing::documents::{local_note_by_uuid, time_of};
use crate::services::Services;

/// Entries of a page of replies.
const PAGE: i64 = 20;

pub(super) fn routes() -> Vec<Route<Services>> {
    let activity = activitypub::media_type::ACTIVITY;
    vec![
        Route::get(
            "/thoughts/{id}",
            Access::Public,
            "Shows a thought as a note, or leads to the REST API",
            note,
        )
        .gives_opaque(StatusCode::OK, activity),
        Route::get(
            "/thoughts/{id}/activity",
            Access::Public,
            "Shows the activity that made a thought",
            creation,
        )
        .gives_opaque(StatusCode::OK, activity),
        Route::get(
            "/thoughts/{id}/replies",
            Access::Public,
            "Lists replies to a thought that everybody may see",
            replies,
        )
        .query::<Page>()
        .gives_opaque(StatusCode::OK, activity),
    ]
}

pub(super) fn tag_routes() -> Vec<Route<Services>> {
    vec![
        Route::get("/tags/{name}", Access::Public, "Leads to what was written about a topic", tag)
            .gives_nothing(StatusCode::SEE_OTHER),
    ]
}

async fn tag(State(services): State<Services>, Path(name): Path<String>, headers: HeaderMap) -> Response {
    let name: String = url::form_urlencoded::byte_serialize(name.as_bytes()).collect();
    answer::other(&services, &headers, &format!("/search?q=%23{name}"), &format!("/tags/{name}"))
}

/// What a row says before anything is written.
struct Found {
    id: Id,
    version: i64,
    visibility: Visibility,
    elsewhere: Option<String>,
}

fn find(conn: &mut Conn<'_>, uuid: &str) -> Result<Option<Found>, Error> {
    conn.query_opt(
        "SELECT t.id, coalesce(t.updated_at, t.created_at), t.visibility, t.ap_id FROM social_thoughts t JOIN social_users u ON u.id = t.user_id
         WHERE t.uuid = $1 AND u.suspended_at IS NULL AND u.deleted_at IS NULL",
        &[v(uuid)],
        |row| {
            Ok(Found {
                id: Id(row.int(0)?),
                version: row.int(1)?,
                visibility: Visibility::named(row.text(2)?).unwrap_or(Visibility::Private),
                elsewhere: row.opt_text(3)?.map(str::to_owned),
            })
        },
    )
}

async fn note(
    State(services): State<Services>,
    Path(uuid): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, _) = request.into_parts();
    if !answer::wants_activity(&parts.headers) {
        let uuid: String = url::form_urlencoded::byte_serialize(uuid.as_bytes()).collect();
        let (page, rest) = (format!("/t/{uuid}"), format!("/thoughts/{uuid}"));
        return Ok(answer::other(&services, &parts.headers, &page, &rest));
    }
    reader(&services, &parts).await?;
    let wanted = uuid.clone();
    let Some(found) = services.state.read_brief(move |conn| find(conn, &wanted)).await? else {
        return gone(&services, &uuid).await;
    };
    if let Some(elsewhere) = &found.elsewhere {
        return Ok(answer::redirect(StatusCode::FOUND, elsewhere));
    }
    let address = services.names.thought(&uuid);
    if !is_open(found.visibility) {
        permitted(&services, &parts, found.id).await?;
    } else if let Some(written) = services.documents.get(&address, found.version) {
        return Ok(answer::tagged(&parts.headers, &written.etag, written.body));
    }
    let names = services.names.clone();
    let note = services.read(move |conn| local_note_by_uuid(conn, &names, &uuid)).await?;
    let note = note.ok_or_else(nothing)?;
    if !is_open(note.visibility) {
        return Ok(answer::document(StatusCode::OK, note.document()));
    }
    let written = services.documents.put(&address, found.version, note.document());
    Ok(answer::tagged(&parts.headers, &written.etag, written.body))
}

fn is_open(visibility: Visibility) -> bool {
    matches!(visibility, Visibility::Public | Visibility::Unlisted)
}

fn nothing() -> Problem {
    Problem::not_found("There is no such thought, or it is not for everybody")
}

/// Refuses whoever is not one of those a thought is for, as if there were none.
async fn permitted(services: &Services, parts: &Parts, thought: Id) -> Result<(), Problem> {
    let owner = signer(services, &crate::fetch::Budget::new(), parts).await.map_err(|_| nothing())?;
    let (reader, host) = (owner.owner.as_str().to_owned(), owner.owner.authority().to_owned());
    let gate = services.gate;
    let may = services.read(move |conn| {
        let Some(reader) = row_of(conn, &reader)? else { return Ok(false) };
        Ok(!gate.shuts_out(conn, &host)? && thoughts::visible(conn, Some(reader), thought)?)
    });
    if may.await? { Ok(()) } else { Err(nothing()) }
}

/// What was here is gone, and says so.
async fn gone(services: &Services, uuid: &str) -> Result<Response, Problem> {
    let address = services.names.thought(uuid);
    let wanted = address.clone();
    let deleted = services.state.read_brief(move |conn| {
        let find = "SELECT deleted_at FROM social_tombstones WHERE ap_id = $1";
        conn.query_opt(find, &[v(&wanted)], |row| Ok::<_, Error>(row.int(0)?))
    });
    let deleted = deleted.await?.ok_or_else(nothing)?;
    Ok(answer::document(StatusCode::GONE, &tombstone(&address, time_of(deleted))))
}

async fn creation(
    State(services): State<Services>,
    Path(uuid): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, _) = request.into_parts();
    reader(&services, &parts).await?;
    let names = services.names.clone();
    let note = services.read(move |conn| local_note_by_uuid(conn, &names, &uuid)).await?;
    let note = note.filter(|note| is_open(note.visibility)).ok_or_else(nothing)?;
    Ok(answer::document(StatusCode::OK, &note.create().to_json()))
}

async fn replies(
    State(services): State<Services>,
    Path(uuid): Path<String>,
    Query(page): Query<Page>,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, _) = request.into_parts();
    reader(&services, &parts).await?;
    let wanted = uuid.clone();
    let found = services.state.read_brief(move |conn| find(conn, &wanted)).await?;
    let found =
        found.filter(|found| is_open(found.visibility) && found.elsewhere.is_none()).ok_or_else(nothing)?;
    let list = format!("{}/replies", services.names.thought(&uuid));
    if page.page.is_none() {
        let count = services.read(move |conn| {
            let count = "SELECT replies FROM social_thought_counts WHERE thought_id = $1";
            Ok(conn.query_opt(count, &[v(found.id)], |row| row.int(0))?.unwrap_or_default())
        });
        let (total, first) = (u64::try_from(count.await?).unwrap_or_default(), format!("{list}?page=true"));
        let document = CollectionDocument { id: &list, total, first: Some(&first) };
        return Ok(answer::document(StatusCode::OK, &document.to_json()));
    }
    let (names, after) = (services.names.clone(), page.before.unwrap_or_default());
    let rows = services.read(move |conn| {
        conn.query(
            "SELECT t.id, t.uuid, t.ap_id FROM social_thoughts t JOIN social_users u ON u.id = t.user_id
             WHERE t.in_reply_to_id = $1 AND t.id > $2 AND t.visibility IN ('public', 'unlisted') AND u.suspended_at IS NULL
             ORDER BY t.id LIMIT $3",
            &[v(found.id), v(after), v(PAGE)],
            |row| {
                let address = row.opt_text(2)?.map(str::to_owned);
                let address = address.map_or_else(|| row.text(1).map(|uuid| names.thought(uuid)), Ok)?;
                Ok::<_, Error>((row.int(0)?, Value::from(address)))
            },
        )
    });
    let rows = rows.await?;
    let is_full = i64::try_from(rows.len()).is_ok_and(|len| len == PAGE);
    let next = rows.last().filter(|_| is_full).map(|(id, _)| format!("{list}?page=true&before={id}"));
    let own =
        page.before.map_or_else(|| format!("{list}?page=true"), |id| format!("{list}?page=true&before={id}"));
    let items = rows.into_iter().map(|(_, address)| address).collect();
    let document = PageDocument { id: &own, part_of: &list, items, next: next.as_deref(), prev: None };
    Ok(answer::document(StatusCode::OK, &document.to_json()))
}
