//! One record by its name.

use atproto::{Did, Nsid, RecordKey};
use store::{Conn, v};

use crate::{Error, Record, Records};

const SQL: &str = "
SELECT repos.did, r.rkey, r.cid, json(r.record), r.indexed_at, r.created_at
FROM record_rows r
JOIN repos ON repos.id = r.repo_id
WHERE r.collection_id = (SELECT id FROM collections WHERE nsid = $1)
  AND r.repo_id = (SELECT id FROM repos WHERE did = $2)
  AND r.rkey = $3
  AND r.visible = 1";

impl Records {
    /// The record, if it is here and its repository is active.
    pub async fn get(&self, did: &Did, collection: &Nsid, rkey: &RecordKey) -> Result<Option<Record>, Error> {
        let (did, collection, rkey) = (did.clone(), collection.clone(), rkey.clone());
        self.index.read_brief(move |conn| Ok(Record::find(conn, &did, &collection, &rkey)?)).await
    }
}

impl Record {
    /// The same within a transaction of the index.
    pub fn find(
        conn: &mut Conn<'_>,
        did: &Did,
        collection: &Nsid,
        rkey: &RecordKey,
    ) -> Result<Option<Self>, store::Error> {
        let name = [v(collection.as_str()), v(did.as_str()), v(rkey.as_str())];
        conn.query_opt(SQL, &name, |row| Self::from_row(row, collection.as_str()))
    }
}
