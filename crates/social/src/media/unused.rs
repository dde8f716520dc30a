//! Pictures that were uploaded and never posted, and those whose thought is gone: removed, file and row.

use std::time::Duration;

use clock::{micros, now_micros};
use store::{Conn, Database, v};
use tokio_util::sync::CancellationToken;
use tracing::warn;

use super::MediaStore;
use crate::{Error, Id, sql};

/// How long somebody may take to post what they uploaded.
const KEPT: Duration = Duration::from_hours(24);

const EVERY: Duration = Duration::from_mins(10);

/// Pictures that are removed at once.
const BATCH: u32 = 200;

/// Until `stop`.
pub(crate) async fn keep(state: Database, media: MediaStore, stop: CancellationToken) {
    loop {
        let removed = stop.run_until_cancelled(remove_unused(&state, &media, now_micros())).await;
        let is_behind = match removed {
            None => return,
            Some(Ok(removed)) => removed >= BATCH as usize,
            Some(Err(error)) => {
                warn!(%error, "pictures that nobody posted were not removed; next time");
                false
            }
        };
        if !is_behind && stop.run_until_cancelled(tokio::time::sleep(EVERY)).await.is_none() {
            return;
        }
    }
}

/// Removes some of those that are in no thought and older than a day, and all that a thought left behind; how many.
///
/// From its first step on nobody can post them. Whatever fails after it is done again: the row is there until the file is not.
pub async fn remove_unused(state: &Database, media: &MediaStore, now: i64) -> Result<usize, Error> {
    let before = now - micros(KEPT);
    let gone = state.write(move |conn| condemn(conn, before)).await?;
    for (_, path) in &gone {
        if let Some(path) = path {
            media.remove(path).await?;
        }
    }
    let count = gone.len();
    state.write(move |conn| forget(conn, gone.iter().map(|(id, _)| id.0))).await?;
    Ok(count)
}

/// Takes back what somebody could still post.
fn condemn(conn: &mut Conn<'_>, before: i64) -> Result<Vec<(Id, Option<String>)>, Error> {
    let sql = "UPDATE social_attachments SET created_at = 0 WHERE id IN
                   (SELECT id FROM social_attachments WHERE thought_id IS NULL AND created_at < $1 ORDER BY created_at LIMIT $2)
               RETURNING id, path";
    conn.query(sql, &[v(before), v(BATCH)], |row| Ok((Id(row.int(0)?), row.opt_text(1)?.map(str::to_owned))))
}

fn forget(conn: &mut Conn<'_>, gone: impl Iterator<Item = i64>) -> Result<(), Error> {
    let gone = sql::Ids::new(conn.engine(), gone);
    let sql = format!("DELETE FROM social_attachments WHERE id {}", gone.among(1));
    conn.execute(&sql, &[gone.value()])?;
    Ok(())
}
