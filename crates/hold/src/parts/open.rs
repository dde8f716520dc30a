//! How many uploads are open.

use crate::{Error, Hold};

impl Hold {
    /// Uploads that are open, of both kinds: no more than are open at once.
    pub async fn open_uploads(&self) -> Result<u64, Error> {
        let read = self
            .inner()
            .state
            .read_brief(|conn| conn.query_one("SELECT COUNT(*) FROM hold_uploads", &[], |row| row.int(0)));
        let in_parts = read.await.map_err(|error: store::Error| error)?.unsigned_abs();
        Ok(in_parts + self.blobs().open_uploads().await?)
    }
}
