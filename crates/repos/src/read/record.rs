//! Records, one and many.

use atproto::{Cid, Did, Nsid, RecordKey};
use store::{Row, v};

use crate::{Error, Repos};

/// Records of one page at most.
const MAX_LIMIT: u32 = 100;

/// A record as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its key.
    pub rkey: RecordKey,
    /// Of its content.
    pub cid: Cid,
    /// Its content: a JSON object.
    pub json: String,
}

/// Which records are wanted.
#[derive(Clone, Debug)]
pub struct ListRecords {
    /// Of which collection.
    pub collection: Nsid,
    /// How many at most; 100 at the most.
    pub limit: u32,
    /// Only those behind the key, in the order of the list.
    pub after: Option<RecordKey>,
    /// From the least key to the greatest. Otherwise, which is usual, the newest come first.
    pub reverse: bool,
}

/// One page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// In the order that was asked for.
    pub records: Vec<Record>,
    /// Where the next page begins, if there may be one.
    pub next: Option<RecordKey>,
}

impl Repos {
    /// One record.
    pub async fn get(&self, did: &Did, collection: &Nsid, rkey: &RecordKey) -> Result<Option<Record>, Error> {
        const FIND: &str = "
            SELECT rkey, cid, json FROM repos_records WHERE repo_id = $1 AND collection = $2 AND rkey = $3";
        let entry = self.hosted(did)?;
        entry.served()?;
        let (collection, rkey) = (collection.clone(), rkey.clone());
        let found = self.shared.state.read_brief(move |conn| {
            let key = [v(entry.id), v(collection.as_str()), v(rkey.as_str())];
            conn.query_opt(FIND, &key, |row| read(row, &entry.did))
        });
        found.await
    }

    /// A page of a collection.
    pub async fn list(&self, did: &Did, query: ListRecords) -> Result<Listed, Error> {
        let entry = self.hosted(did)?;
        entry.served()?;
        let limit = query.limit.clamp(1, MAX_LIMIT);
        let listed = self.shared.state.read(move |conn| {
            let after = query.after.as_ref().map(RecordKey::as_str);
            let (bound, order) = if query.reverse { (">", "ASC") } else { ("<", "DESC") };
            let bound = after.map_or(String::new(), |_| format!("AND rkey {bound} $4"));
            let sql = format!(
                "SELECT rkey, cid, json FROM repos_records WHERE repo_id = $1 AND collection = $2 {bound}
                 ORDER BY rkey {order} LIMIT $3"
            );
            let mut params = vec![v(entry.id), v(query.collection.as_str()), v(limit)];
            params.extend(after.map(v));
            conn.query(&sql, &params, |row| read(row, &entry.did))
        });
        let records = listed.await?;
        let is_full = records.len() >= limit as usize;
        let next = records.last().filter(|_| is_full).map(|record| record.rkey.clone());
        Ok(Listed { records, next })
    }
}

pub(super) fn read(row: &Row<'_>, did: &Did) -> Result<Record, Error> {
    let damaged = || Error::damaged(did, "the row of a record cannot be read");
    Ok(Record {
        rkey: RecordKey::parse(row.text(0)?).map_err(|_| damaged())?,
        cid: Cid::parse(row.text(1)?).map_err(|_| damaged())?,
        json: row.string(2)?,
    })
}
