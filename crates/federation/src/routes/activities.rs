//! What people of this server did that everybody may know of: one by one, and as their outboxes.

use activitypub::object::ActivityType;
use activitypub::write::ActivityDocument;
use axum::extract::{Request, State};
use axum::response::Response;
use http::StatusCode;
use serde_json::Value;
use server::{Access, Path, Problem, Route};
use social::Id;
use store::{Conn, v};

use super::answer;
use super::reader::reader;
use crate::Error;
use crate::names::Names;
use crate::outgoing::announce;
use crate::outgoing::documents::local_notes;
use crate::services::Services;

pub(super) fn routes() -> Vec<Route<Services>> {
    vec![
        Route::get(
            "/activities/{kind}/{id}",
            Access::Public,
            "Shows a like or a boost of somebody here",
            show,
        )
        .gives_opaque(StatusCode::OK, activitypub::media_type::ACTIVITY),
    ]
}

async fn show(
    State(services): State<Services>,
    Path((kind, id)): Path<(String, String)>,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, _) = request.into_parts();
    reader(&services, &parts).await?;
    let names = services.names.clone();
    let found = services.read(move |conn| find(conn, &names, &kind, &id)).await?;
    let document =
        found.ok_or_else(|| Problem::not_found("There is no such activity that everybody may see"))?;
    Ok(answer::document(StatusCode::OK, &document))
}

/// A reaction of somebody here to something that everybody may see.
struct Reaction {
    id: i64,
    uuid: String,
    actor: String,
    object: String,
    author: String,
    at: i64,
}

const REACTION: &str = "SELECT r.id, r.uuid, u.uuid, t.uuid, t.ap_id, a.uuid, a.ap_id, r.created_at FROM {table} r
    JOIN social_users u ON u.id = r.user_id JOIN social_thoughts t ON t.id = r.thought_id JOIN social_users a ON a.id = t.user_id
    WHERE u.host IS NULL AND u.deleted_at IS NULL AND u.suspended_at IS NULL AND t.visibility IN ('public', 'unlisted')";

fn reaction(row: &store::Row<'_>, names: &Names) -> Result<Reaction, Error> {
    let object = row.opt_text(4)?.map(str::to_owned);
    let author = row.opt_text(6)?.map(str::to_owned);
    Ok(Reaction {
        id: row.int(0)?,
        uuid: row.string(1)?,
        actor: names.actor(row.text(2)?),
        object: object.map_or_else(|| row.text(3).map(|it| names.thought(it)), Ok)?,
        author: author.map_or_else(|| row.text(5).map(|uuid| names.actor(uuid)), Ok)?,
        at: row.int(7)?,
    })
}

fn find(conn: &mut Conn<'_>, names: &Names, kind: &str, uuid: &str) -> Result<Option<Value>, Error> {
    let table = match kind {
        "like" => "social_likes",
        "announce" => "social_boosts",
        _ => return Ok(None),
    };
    let sql = format!("{} AND r.uuid = $1", REACTION.replace("{table}", table));
    let found = conn.query_opt(&sql, &[v(uuid)], |row| reaction(row, names))?;
    Ok(found.map(|reaction| {
        let id = names.activity_of(kind, &reaction.uuid);
        if kind == "like" {
            let to = (vec![reaction.author.as_str()], Vec::new());
            let object = Value::from(reaction.object.as_str());
            ActivityDocument::new(&id, ActivityType::Like, &reaction.actor, object).addressed(to).to_json()
        } else {
            boost(names, &reaction, false)
        }
    }))
}

fn boost(names: &Names, reaction: &Reaction, embedded: bool) -> Value {
    let id = names.activity_of("announce", &reaction.uuid);
    let followers = format!("{}/followers", reaction.actor);
    let document =
        announce(&id, &reaction.actor, &followers, &reaction.object, &reaction.author, reaction.at);
    if embedded { document.embedded() } else { document.to_json() }
}

/// How much there is in somebody's outbox.
pub(super) fn total(conn: &mut Conn<'_>, of: Id) -> Result<u64, Error> {
    let total = conn.query_one(
        "SELECT (SELECT count(*) FROM social_thoughts WHERE user_id = $1 AND visibility IN ('public', 'unlisted'))
            + (SELECT count(*) FROM social_boosts b JOIN social_thoughts t ON t.id = b.thought_id
               WHERE b.user_id = $1 AND t.visibility IN ('public', 'unlisted'))",
        &[v(of)],
        |row| row.int(0),
    )?;
    Ok(u64::try_from(total).unwrap_or_default())
}

/// What somebody wrote and boosted before an id, newest first, and where the next page begins.
pub(super) fn page(
    conn: &mut Conn<'_>,
    names: &Names,
    of: Id,
    before: Option<i64>,
    limit: i64,
) -> Result<(Vec<Value>, Option<i64>), Error> {
    let before = before.unwrap_or(i64::MAX);
    let written: Vec<i64> = conn.query(
        "SELECT id FROM social_thoughts WHERE user_id = $1 AND id < $2 AND visibility IN ('public', 'unlisted') ORDER BY id DESC LIMIT $3",
        &[v(of), v(before), v(limit)],
        |row| row.int(0),
    )?;
    let sql = format!(
        "{} AND r.user_id = $1 AND r.id < $2 ORDER BY r.id DESC LIMIT $3",
        REACTION.replace("{table}", "social_boosts")
    );
    let boosted = conn.query(&sql, &[v(of), v(before), v(limit)], |row| reaction(row, names))?;
    let mut entries: Vec<(i64, Option<Reaction>)> = written.into_iter().map(|id| (id, None)).collect();
    entries.extend(boosted.into_iter().map(|reaction| (reaction.id, Some(reaction))));
    entries.sort_unstable_by_key(|(id, _)| std::cmp::Reverse(*id));
    entries.truncate(usize::try_from(limit).unwrap_or_default());
    let is_full = i64::try_from(entries.len()).is_ok_and(|len| len == limit);
    let last = entries.last().map(|(id, _)| *id).filter(|_| is_full);
    let written: Vec<Id> =
        entries.iter().filter(|(_, reaction)| reaction.is_none()).map(|(id, _)| Id(*id)).collect();
    let notes = local_notes(conn, names, &written)?;
    let item = |(id, reaction): (i64, Option<Reaction>)| match reaction {
        Some(reaction) => Some(boost(names, &reaction, true)),
        None => notes.get(&Id(id)).map(|note| note.create().embedded()),
    };
    Ok((entries.into_iter().filter_map(item).collect(), last))
}
