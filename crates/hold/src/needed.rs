//! Whether a blob is needed.

use atproto::Did;
use oci::Digest;
use store::v;

use crate::{Error, Hold};

impl Hold {
    /// Whether an image needs a blob: one of `owner`, or of anybody.
    pub async fn needs(&self, digest: &Digest, owner: Option<&Did>) -> Result<bool, Error> {
        let (digest, owner) = (digest.to_string(), owner.map(ToString::to_string));
        let read = self.inner().state.read_brief(move |conn| match &owner {
            Some(owner) => {
                let sql = "SELECT 1 FROM hold_layers WHERE digest = $1 AND owner_did = $2 LIMIT 1";
                conn.query_opt(sql, &[v(&digest), v(owner)], |row| row.int(0))
            }
            None => {
                let sql = "SELECT 1 FROM hold_layers WHERE digest = $1 LIMIT 1";
                conn.query_opt(sql, &[v(&digest)], |row| row.int(0))
            }
        });
        Ok(read.await?.is_some())
    }
}
