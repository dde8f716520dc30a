//! Hiding, showing and removing records that are too many for one transaction, ahead of the event that says so.

use std::sync::Arc;

use atproto::Did;
use store::{Conn, Database, v};

use super::apply::lock;
use super::purge::Purge;
use super::{ids, rows};
use crate::{Error, LeaseGuard, Projection, Records, RepoStatus};

/// Records of one collection of a repository that one transaction shows or hides.
const CHUNK: u32 = 2_000;

/// Removing is more work.
const PURGES: usize = 2;

/// A collection of which there is much in a repository.
#[derive(Clone, Debug)]
struct Much {
    collection_id: i64,
    collection: String,
    repo_id: i64,
}

impl Records {
    /// Does what an account's new status comes to if that is much, in transactions that let others write in between; their
    /// number. What is left for the transaction of the status itself is little then. If that never comes, because the server dies
    /// first, the event comes again.
    pub(crate) async fn ease(
        &self,
        index: &Database,
        guard: Option<LeaseGuard>,
        did: &Did,
        status: RepoStatus,
    ) -> Result<u32, Error> {
        let name = did.clone();
        let (mut transactions, all) = (0, index.read(move |conn| much(conn, &name, status)).await?);
        for much in all {
            let mut from = Some(String::new());
            while let Some(after) = from {
                let (guard, much, projections) = (guard.clone(), much.clone(), Arc::clone(&self.projections));
                let step = move |conn: &mut Conn<'_>| {
                    lock(conn)?;
                    if let Some(guard) = &guard {
                        guard.check(conn)?;
                    }
                    Ok::<_, Error>(match status {
                        RepoStatus::Deleted => much.purge(conn, &projections)?,
                        status => much.show(conn, &after, status == RepoStatus::Active)?,
                    })
                };
                from = index.write(step).await?;
                transactions += 1;
            }
        }
        Ok(transactions)
    }
}

/// Where there is more than one transaction should touch, if the status is another one at all.
fn much(conn: &mut Conn<'_>, did: &Did, status: RepoStatus) -> Result<Vec<Much>, store::Error> {
    const SQL: &str = "
        SELECT count(*) FROM (SELECT 1 FROM record_rows WHERE collection_id = $1 AND repo_id = $2 LIMIT $3) AS few";
    let Some(repo) = ids::find(conn, did.as_str())?.filter(|repo| repo.status != status.code()) else {
        return Ok(Vec::new());
    };
    let collections = conn.query("SELECT id, nsid FROM collections", &[], |row| {
        Ok::<_, store::Error>((row.int(0)?, row.string(1)?))
    })?;
    let mut much = Vec::new();
    for (collection_id, collection) in collections {
        let count = conn.query_one(SQL, &[v(collection_id), v(repo.id), v(CHUNK + 1)], |row| row.int(0))?;
        if count > i64::from(CHUNK) {
            much.push(Much { collection_id, collection, repo_id: repo.id });
        }
    }
    Ok(much)
}

impl Much {
    /// Shows or hides the records whose keys follow `after`; the key to go on from, if there may be more.
    fn show(&self, conn: &mut Conn<'_>, after: &str, visible: bool) -> Result<Option<String>, store::Error> {
        const LAST: &str = "
            SELECT max(rkey), count(*) FROM (
                SELECT rkey FROM record_rows WHERE collection_id = $1 AND repo_id = $2 AND rkey > $3
                ORDER BY rkey LIMIT $4) AS chunk";
        const SHOW: &str = "
            UPDATE record_rows SET visible = $5
            WHERE collection_id = $1 AND repo_id = $2 AND rkey > $3 AND rkey <= $4 AND record IS NOT NULL
              AND visible <> $5";
        let of = [v(self.collection_id), v(self.repo_id), v(after)];
        let (last, count) = conn.query_one(LAST, &[of[0], of[1], of[2], v(CHUNK)], |row| {
            Ok::<_, store::Error>((row.opt_text(0)?.map(str::to_owned), row.int(1)?))
        })?;
        let Some(last) = last else { return Ok(None) };
        let changed = conn.execute(SHOW, &[of[0], of[1], of[2], v(&last), v(visible)])?;
        let changed = i64::try_from(changed).unwrap_or_default();
        rows::count(conn, self.collection_id, if visible { changed } else { -changed })?;
        Ok(Some(last).filter(|_| count == i64::from(CHUNK)))
    }

    /// Removes some records; something if there may be more.
    fn purge(
        &self,
        conn: &mut Conn<'_>,
        projections: &[Arc<dyn Projection>],
    ) -> Result<Option<String>, store::Error> {
        let Self { collection_id, ref collection, repo_id } = *self;
        let purge = Purge { collection_id, collection, repo_id: Some(repo_id) };
        for _ in 0..PURGES {
            if purge.chunk(conn, projections)? == 0 {
                return Ok(None);
            }
        }
        Ok(Some(String::new()))
    }
}
