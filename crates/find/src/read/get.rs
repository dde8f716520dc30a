//! `db.get`.

use atproto::AtUri;
use store::v;

use crate::{Error, Find, Found};

const SQL: &str = "
SELECT repos.did, r.rkey, r.cid, json(r.record)
FROM record_rows r
JOIN repos ON repos.id = r.repo_id
WHERE r.collection_id = (SELECT id FROM collections WHERE nsid = $1)
  AND r.repo_id = (SELECT id FROM repos WHERE did = $2)
  AND r.rkey = $3
  AND r.visible = 1";

impl Find {
    /// The record with this AT URI. A text that names no record by a DID names none that is here.
    pub async fn get(&self, uri: &str) -> Result<Option<Found>, Error> {
        let Ok(uri) = AtUri::parse(uri) else { return Ok(None) };
        self.index
            .read_brief(move |conn| {
                let Some((did, collection, rkey)) = uri.as_record() else { return Ok(None) };
                conn.query_opt(SQL, &[v(collection.as_str()), v(did.as_str()), v(rkey.as_str())], |row| {
                    Ok(Found::from_row(row, collection.as_str())?)
                })
            })
            .await
    }
}
