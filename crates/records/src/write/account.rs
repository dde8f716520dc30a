//! An account is switched off, on, or gone.

use atproto::Did;
use store::{Conn, Error, v};

use super::log::{Action, Change, Log};
use super::purge::Purge;
use super::{Batch, ids, rows};
use crate::RepoStatus;

/// Applies an account event. Accounts nobody of whom is indexed are not remembered: the stream carries the events of
/// the whole network.
pub(super) fn apply(
    conn: &mut Conn<'_>,
    did: &Did,
    status: RepoStatus,
    seen_at: i64,
    batch: &Batch,
    log: &mut Log,
) -> Result<(), Error> {
    let Some(repo) = ids::find(conn, did.as_str())? else { return Ok(()) };
    if repo.status == status.code() {
        return Ok(());
    }
    conn.execute("UPDATE repos SET status = $1 WHERE id = $2", &[v(status.code()), v(repo.id)])?;
    let collections = conn.query("SELECT id, nsid FROM collections", &[], |row| {
        Ok::<_, Error>((row.int(0)?, row.string(1)?))
    })?;
    for (collection_id, collection) in &collections {
        if status == RepoStatus::Deleted {
            let purge = Purge { collection_id: *collection_id, collection, repo_id: Some(repo.id) };
            while purge.chunk(conn, &batch.projections)? > 0 {}
        } else {
            show(conn, *collection_id, repo.id, status == RepoStatus::Active)?;
        }
    }
    log.append(conn, &[Change { at: seen_at, action: Action::Account, repo_id: repo.id, record: None }])
}

/// Makes the records of a repository visible, or hides them.
fn show(conn: &mut Conn<'_>, collection_id: i64, repo_id: i64, visible: bool) -> Result<(), Error> {
    const SQL: &str = "
        UPDATE record_rows SET visible = $3
        WHERE collection_id = $1 AND repo_id = $2 AND record IS NOT NULL AND visible <> $3";
    let changed = conn.execute(SQL, &[v(collection_id), v(repo_id), v(visible)])?;
    let changed = i64::try_from(changed).unwrap_or_default();
    if changed == 0 {
        return Ok(());
    }
    rows::count(conn, collection_id, if visible { changed } else { -changed })
}
