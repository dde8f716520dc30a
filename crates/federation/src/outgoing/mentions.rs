//! Who is meant by a name in a text, if that is somebody elsewhere (spec/social.md §4.6).

use std::time::Duration;

use activitypub::webfinger::Handle;
use social::Id;
use store::{Conn, v};
use tracing::debug;

use crate::Error;
use crate::actors::Actors;
use crate::fetch::Budget;

/// For one name.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Names in one text that are looked up.
const MAX_NAMES: i64 = 20;

/// Looks up whom a thought mentions and nobody knows yet. Who is not found stays text. The thought's uuid and version, if it reads
/// otherwise now.
pub(super) async fn resolve(actors: &Actors, thought: Id) -> Result<Option<(String, i64)>, Error> {
    let unknown = actors.state().read(move |conn| unknown(conn, thought)).await?;
    let budget = Budget::new();
    let found = unknown.into_iter().filter_map(|name| Handle::parse(&name).ok().map(|handle| (name, handle)));
    let found = found.map(|(name, handle)| {
        let budget = budget.clone();
        async move {
            match tokio::time::timeout(TIMEOUT, actors.called(&budget, &handle)).await {
                Ok(Ok(id)) => Some((name, id)),
                Ok(Err(error)) => {
                    debug!(%error, %handle, "somebody who is mentioned is not found");
                    None
                }
                Err(_) => None,
            }
        }
    });
    let found: Vec<(String, Id)> = futures::future::join_all(found).await.into_iter().flatten().collect();
    if found.is_empty() {
        return Ok(None);
    }
    let keep = move |conn: &mut Conn<'_>| {
        for (name, user) in &found {
            conn.execute(
                "UPDATE social_thought_mentions SET user_id = $3 WHERE thought_id = $1 AND name = $2 AND user_id IS NULL",
                &[v(thought), v(name), v(*user)],
            )?;
        }
        let find = "SELECT uuid, coalesce(updated_at, created_at) FROM social_thoughts WHERE id = $1";
        conn.query_opt(find, &[v(thought)], |row| Ok::<_, Error>((row.string(0)?, row.int(1)?)))
    };
    actors.state().write(keep).await
}

fn unknown(conn: &mut Conn<'_>, thought: Id) -> Result<Vec<String>, Error> {
    Ok(conn.query(
        "SELECT name FROM social_thought_mentions WHERE thought_id = $1 AND user_id IS NULL LIMIT $2",
        &[v(thought), v(MAX_NAMES)],
        |row| row.string(0),
    )?)
}
