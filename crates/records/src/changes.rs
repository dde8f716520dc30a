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

/// How much a stretch of the log says about one collection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Activity {
    /// Its NSID.
    pub collection: String,
    /// Records that were not here.
    pub created: i64,
    /// Records that were.
    pub updated: i64,
    /// Records that are no longer here.
    pub deleted: i64,
}

impl Records {
    /// The number of the newest entry; 0 if there never was one.
    pub async fn last_change(&self) -> Result<i64, Error> {
        let last = "SELECT coalesce(max(seq), 0) FROM changes";
        self.index.read(move |conn| Ok(conn.query_one::<_, store::Error>(last, &[], |row| row.int(0))?)).await
    }

    /// The number of the oldest entry that is still there.
    pub async fn first_change(&self) -> Result<Option<i64>, Error> {
        let first = "SELECT min(seq) FROM changes";
        self.index
            .read(move |conn| Ok(conn.query_one::<_, store::Error>(first, &[], |row| row.opt_int(0))?))
            .await
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

    /// What happened to each collection after number `after` and up to number `until`, by name. It reads that stretch of the
    /// log, so it should be a short one.
    pub async fn activity(&self, after: i64, until: i64) -> Result<Vec<Activity>, Error> {
        const SQL: &str = "
            SELECT collections.nsid,
                   sum(CASE c.action WHEN 1 THEN 1 ELSE 0 END),
                   sum(CASE c.action WHEN 2 THEN 1 ELSE 0 END),
                   sum(CASE c.action WHEN 3 THEN 1 ELSE 0 END)
            FROM changes c JOIN collections ON collections.id = c.collection_id
            WHERE c.seq > $1 AND c.seq <= $2 GROUP BY collections.nsid ORDER BY collections.nsid";
        self.index
            .read(move |conn| {
                conn.query(SQL, &[v(after), v(until)], |row| {
                    Ok(Activity {
                        collection: row.string(0)?,
                        created: row.int(1)?,
                        updated: row.int(2)?,
                        deleted: row.int(3)?,
                    })
                })
            })
            .await
    }
}
