//! Reading the change log.

use store::v;

pub use crate::write::Action;
use crate::{Error, Records};

/// One entry of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its number; they grow in commit order.
    pub seq: i64,
    /// When the event arrived, in microseconds.
    pub at: i64,
    /// What happened.
    pub action: Action,
    /// The repository.
    pub did: String,
    /// Collection and record key, unless it is about the whole account.
    pub record: Option<(String, String)>,
}

impl Records {
    /// The number of the newest entry; 0 if there never was one.
    pub async fn last_change(&self) -> Result<i64, Error> {
        let last = "SELECT coalesce(max(seq), 0) FROM changes";
        self.index.read(move |conn| Ok(conn.query_one::<_, store::Error>(last, &[], |row| row.int(0))?)).await
    }

    /// Up to `limit` entries after number `after`, in commit order. Old entries are pruned, so a reader that stayed
    /// away for days must look at the records themselves.
    pub async fn changes(&self, after: i64, limit: u32) -> Result<Vec<Change>, Error> {
        const SQL: &str = "
            SELECT c.seq, c.at, c.action, repos.did, collections.nsid, c.rkey
            FROM changes c
            JOIN repos ON repos.id = c.repo_id
            LEFT JOIN collections ON collections.id = c.collection_id
            WHERE c.seq > $1 ORDER BY c.seq LIMIT $2";
        self.index
            .read(move |conn| {
                conn.query(SQL, &[v(after), v(limit)], |row| {
                    let record = row.opt_text(4)?.zip(row.opt_text(5)?);
                    Ok(Change {
                        seq: row.int(0)?,
                        at: row.int(1)?,
                        action: Action::from_code(row.int(2)?),
                        did: row.string(3)?,
                        record: record.map(|(collection, rkey)| (collection.to_owned(), rkey.to_owned())),
                    })
                })
            })
            .await
    }
}
