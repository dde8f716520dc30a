//! Forgetting decisions that are over.

use store::{Conn, v};

use crate::{Error, Records};

/// Rows in one transaction.
const CHUNK: u32 = 500;

/// A local row that has become something else.
struct Ended {
    key: (i64, i64, String),
    uri: String,
    decided_at: i64,
}

impl Records {
    /// Forgets what was saved and has been replaced or removed since, and what was withdrawn before `settled`.
    pub(super) async fn sweep(&self, settled: i64) -> Result<(), Error> {
        loop {
            let ended = self.index.read(ended).await?;
            if ended.is_empty() {
                break;
            }
            // In this order, so that a crash in between forgets nothing that is still to be done.
            let uris: Vec<_> = ended.iter().map(|row| (row.uri.clone(), row.decided_at)).collect();
            self.state.write(move |conn| uris.iter().try_for_each(|row| forget(conn, row))).await?;
            self.index.write(move |conn| ended.iter().try_for_each(|row| unmark(conn, row))).await?;
        }
        self.forget_withdrawn(settled).await
    }

    async fn forget_withdrawn(&self, settled: i64) -> Result<(), Error> {
        const ANY: &str =
            "SELECT 1 FROM local_decisions WHERE decision = 'withdrawn' AND decided_at < $1 LIMIT 1";
        const FORGET: &str = "DELETE FROM local_decisions WHERE decision = 'withdrawn' AND decided_at < $1";
        let any = self
            .state
            .read(move |conn| conn.query_opt::<_, store::Error>(ANY, &[v(settled)], |row| row.int(0)));
        if any.await?.is_some() {
            self.state.write(move |conn| conn.execute(FORGET, &[v(settled)]).map(drop)).await?;
        }
        Ok(())
    }
}

fn ended(conn: &mut Conn<'_>) -> Result<Vec<Ended>, store::Error> {
    const SQL: &str = "
        SELECT l.collection_id, l.repo_id, l.rkey, repos.did, collections.nsid, l.decided_at
        FROM local_rows l
        JOIN repos ON repos.id = l.repo_id
        JOIN collections ON collections.id = l.collection_id
        WHERE l.ended = 1 LIMIT $1";
    conn.query(SQL, &[v(CHUNK)], |row| {
        let key = (row.int(0)?, row.int(1)?, row.string(2)?);
        let uri = crate::read::uri(row.text(3)?, row.text(4)?, &key.2);
        Ok(Ended { key, uri, decided_at: row.int(5)? })
    })
}

/// Only that very decision: another one may have been made since.
fn forget(conn: &mut Conn<'_>, (uri, decided_at): &(String, i64)) -> Result<(), store::Error> {
    const SQL: &str = "DELETE FROM local_decisions WHERE uri = $1 AND decided_at = $2 AND record IS NOT NULL";
    conn.execute(SQL, &[v(uri), v(*decided_at)]).map(drop)
}

fn unmark(conn: &mut Conn<'_>, row: &Ended) -> Result<(), store::Error> {
    const SQL: &str = "
        DELETE FROM local_rows
        WHERE collection_id = $1 AND repo_id = $2 AND rkey = $3 AND decided_at = $4 AND ended = 1";
    let (collection, repo, rkey) = &row.key;
    conn.execute(SQL, &[v(*collection), v(*repo), v(rkey), v(row.decided_at)]).map(drop)
}
