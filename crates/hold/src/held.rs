//! What an owner's images need.

use atproto::Did;
use oci::Digest;
use store::v;

use crate::{Error, HeldLayer, Hold};

impl Hold {
    /// At most `limit` of the blobs that images of `owner` need, for each image.
    pub async fn held(&self, owner: &Did, limit: u32) -> Result<Vec<HeldLayer>, Error> {
        let owner = owner.clone();
        let sql = format!(
            "SELECT {} FROM hold_layers WHERE owner_did = $1 ORDER BY repository, manifest, digest LIMIT $2",
            HeldLayer::COLUMNS
        );
        let read = self
            .inner()
            .state
            .read(move |conn| conn.query(&sql, &[v(owner.as_str()), v(limit)], HeldLayer::from_row));
        Ok(read.await?)
    }

    /// How many blobs an image needs that is kept; none if it is not.
    pub async fn needed_by(&self, owner: &Did, repository: &str, manifest: &Digest) -> Result<u64, Error> {
        let (owner, repository, manifest) = (owner.clone(), repository.to_owned(), manifest.to_string());
        let read = self.inner().state.read(move |conn| {
            let sql = "SELECT COUNT(*) FROM hold_layers
                WHERE owner_did = $1 AND repository = $2 AND manifest = $3";
            conn.query_one(sql, &[v(owner.as_str()), v(&repository), v(&manifest)], |row| row.int(0))
        });
        Ok(read.await.map_err(|error: store::Error| error)?.unsigned_abs())
    }

    /// Whether any image of a repository is kept here.
    pub async fn has_images_of(&self, owner: &Did, repository: &str) -> Result<bool, Error> {
        let (owner, repository) = (owner.clone(), repository.to_owned());
        let read = self.inner().state.read_brief(move |conn| {
            let sql = "SELECT 1 FROM hold_layers WHERE owner_did = $1 AND repository = $2 LIMIT 1";
            conn.query_opt(sql, &[v(owner.as_str()), v(&repository)], |row| row.int(0))
        });
        Ok(read.await.map_err(|error: store::Error| error)?.is_some())
    }
}
