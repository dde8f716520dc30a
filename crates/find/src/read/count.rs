//! `db.count`.

use atproto::Nsid;
use store::v;

use crate::arguments::storable;
use crate::{Error, Find};

impl Find {
    /// How many records there are in a collection, or of one author in it.
    pub async fn count(&self, collection: &Nsid, did: Option<&str>) -> Result<i64, Error> {
        // Read from a counter, and counted in an index.
        const ALL: &str = "SELECT records FROM collections WHERE nsid = $1";
        const OF_REPO: &str = "
            SELECT count(*) FROM record_rows r
            WHERE r.visible = 1
              AND r.collection_id = (SELECT id FROM collections WHERE nsid = $1)
              AND r.repo_id = (SELECT id FROM repos WHERE did = $2)";
        let (collection, did) = (collection.clone(), did.map(storable));
        self.index
            .read(move |conn| {
                let params = [v(collection.as_str()), v(did.as_deref())];
                let sql = if did.is_some() { OF_REPO } else { ALL };
                Ok(conn.query_opt(sql, &params, |row| row.int(0)).map_err(Error::Store)?.unwrap_or_default())
            })
            .await
    }
}
