//! Which index this is.

use crate::{Error, Records};

impl Records {
    /// A name that was made with the index and is lost with it. Whoever remembers something about the index elsewhere
    /// remembers this too.
    pub async fn index_id(&self) -> Result<String, Error> {
        let id = self.index.read(|conn| {
            conn.query_one::<_, store::Error>("SELECT id FROM index_identity", &[], |row| row.string(0))
        });
        Ok(id.await?)
    }
}
