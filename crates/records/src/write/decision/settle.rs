//! Doing what was decided and not done: in a new index, and after a crash.

use std::time::Duration;

use atproto::AtUri;
use store::{Conn, v};

use super::kept::{self, Kept};
use super::uri;
use crate::{Error, Records, now_micros};

/// Longer than it takes from a decision to its row.
const UNDER_WAY: Duration = Duration::from_mins(2);

/// Decisions in one transaction. Each may have a record of the largest size.
const CHUNK: u32 = 100;

impl Records {
    /// Makes the index obey every local decision that it does not know of, and forgets those that are over. To be called
    /// before anything else enters an index that may be new: what the network says is weighed against what is here.
    pub async fn settle(&self) -> Result<(), Error> {
        self.settle_at(now_micros()).await
    }

    pub(in crate::write) async fn settle_at(&self, now: i64) -> Result<(), Error> {
        let from = self.settled_until().await?;
        let mut after = (from, String::new());
        loop {
            let (moment, last) = after.clone();
            let decisions = self.state.read(move |conn| kept::since(conn, (moment, &last), CHUNK)).await?;
            let Some(last) = decisions.last() else { break };
            after = (last.decided_at, uri(&last.name));
            self.obey(decisions).await?;
        }
        if from == 0 {
            self.drop_forgotten().await?;
        }
        let until = now - clock::micros(UNDER_WAY);
        self.set_settled_until(until).await?;
        self.sweep(until).await?;
        self.count_saved().await.map(drop)
    }

    /// Says that the durable tables are others than those that the index was made with: a backup was restored.
    pub async fn unsettle(&self) -> Result<(), Error> {
        self.set_settled_until(0).await
    }

    async fn settled_until(&self) -> Result<i64, Error> {
        const SQL: &str = "SELECT settled_until FROM index_identity";
        let read = |conn: &mut Conn<'_>| conn.query_one::<_, store::Error>(SQL, &[], |row| row.int(0));
        Ok(self.index.read(read).await?)
    }

    async fn set_settled_until(&self, until: i64) -> Result<(), Error> {
        const SQL: &str = "UPDATE index_identity SET settled_until = $1";
        let write = move |conn: &mut Conn<'_>| conn.execute(SQL, &[v(until)]).map(drop);
        Ok(self.index.write::<_, store::Error, _>(write).await?)
    }

    /// Drops the rows of decisions that are not kept.
    async fn drop_forgotten(&self) -> Result<(), Error> {
        let mut after = (0, 0, String::new());
        loop {
            let from = after.clone();
            let local = self.index.read(move |conn| local_after(conn, &from)).await?;
            let Some((last, _)) = local.last() else { return Ok(()) };
            after = last.clone();
            let forgotten = self.state.read(move |conn| {
                let mut forgotten = Vec::new();
                for name in local.iter().filter_map(|(_, uri)| AtUri::record_name(uri)) {
                    if kept::find(conn, &name)?.is_none() {
                        forgotten.push(Kept::nothing(name));
                    }
                }
                Ok::<_, store::Error>(forgotten)
            });
            self.obey(forgotten.await?).await?;
        }
    }
}

/// The key of a row, and its URI.
type Local = ((i64, i64, String), String);

/// The local rows after a key.
fn local_after(
    conn: &mut Conn<'_>,
    (collection, repo, rkey): &(i64, i64, String),
) -> Result<Vec<Local>, store::Error> {
    const SQL: &str = "
        SELECT l.collection_id, l.repo_id, l.rkey, repos.did, collections.nsid
        FROM local_rows l
        JOIN repos ON repos.id = l.repo_id
        JOIN collections ON collections.id = l.collection_id
        WHERE l.ended = 0 AND (l.collection_id, l.repo_id, l.rkey) > ($1, $2, $3)
        ORDER BY l.collection_id, l.repo_id, l.rkey LIMIT $4";
    conn.query(SQL, &[v(*collection), v(*repo), v(rkey), v(CHUNK)], |row| {
        let key = (row.int(0)?, row.int(1)?, row.string(2)?);
        let uri = crate::read::uri(row.text(3)?, row.text(4)?, &key.2);
        Ok((key, uri))
    })
}
