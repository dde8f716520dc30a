//! What is kept of records, whether it is shown or not.

use atproto::{Did, Nsid, RecordKey};
use store::v;

use crate::{Error, Records};

const SQL: &str = "
SELECT json(r.record), r.cid
FROM record_rows r
WHERE r.collection_id = (SELECT id FROM collections WHERE nsid = $1)
  AND r.repo_id = (SELECT id FROM repos WHERE did = $2)
  AND r.rkey = $3
  AND r.record IS NOT NULL";

/// A record as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// The JSON object.
    pub json: String,
    /// Of what its author signed, if that is known.
    pub cid: Option<String>,
}

impl Records {
    /// The records of these names as they are kept, in the same order; those of accounts that are not served included.
    pub async fn stored(&self, names: Vec<(Did, Nsid, RecordKey)>) -> Result<Vec<Option<Stored>>, Error> {
        self.index
            .read(move |conn| {
                let each = names.iter().map(|(did, collection, rkey)| {
                    conn.query_opt(SQL, &[v(collection.as_str()), v(did.as_str()), v(rkey.as_str())], |row| {
                        Ok(Stored { json: row.string(0)?, cid: row.opt_text(1)?.map(str::to_owned) })
                    })
                });
                each.collect()
            })
            .await
    }
}
