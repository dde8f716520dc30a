//! How many records there are.

use crate::{Error, Records};

/// A collection and its size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CollectionCount {
    /// Its NSID.
    pub collection: String,
    /// Visible records in it.
    pub records: i64,
}

impl Records {
    /// Every collection that has records, by name. Reads counters, not records.
    pub async fn counts(&self) -> Result<Vec<CollectionCount>, Error> {
        const SQL: &str = "SELECT nsid, records FROM collections WHERE records > 0 ORDER BY nsid";
        self.index
            .read(|conn| {
                conn.query(SQL, &[], |row| {
                    Ok(CollectionCount { collection: row.string(0)?, records: row.int(1)? })
                })
            })
            .await
    }
}
