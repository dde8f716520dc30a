//! Blobs: bytes under their hash, for records to refer to.

use atproto::{Cid, Did};
use bytes::Bytes;
use store::v;

use crate::{Error, Repos, events};

/// Longest type that is kept.
const MAX_MIME_BYTES: usize = 255;

/// Rows that one transaction removes.
const PRUNED_AT_ONCE: i64 = 100;

/// A blob that is here: what a record refers to it with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredBlob {
    /// Of its bytes.
    pub cid: Cid,
    /// Of it, in bytes.
    pub size: usize,
}

/// A blob as it is served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blob {
    /// The type it was uploaded with: somebody's word.
    pub mime: String,
    /// Its content.
    pub bytes: Bytes,
}

impl Repos {
    /// Keeps a blob for a record that is written soon: one that no record refers to for a day is removed. Uploading it again
    /// gives it another day.
    pub async fn upload_blob(&self, did: &Did, mime: &str, bytes: Bytes) -> Result<StoredBlob, Error> {
        let limit = self.shared.limits.blob_bytes;
        if bytes.len() > limit {
            return Err(Error::TooLarge { what: "the blob", size: bytes.len(), limit });
        }
        if mime.len() > MAX_MIME_BYTES || !mime.is_ascii() {
            return Err(Error::InvalidRecord("the type of a blob is short and of ASCII".to_owned()));
        }
        let entry = self.hosted(did)?;
        entry.served()?;
        let stored = StoredBlob { cid: Cid::raw_sha256(&bytes), size: bytes.len() };
        let (cid, size) = (stored.cid.to_string(), i64::try_from(stored.size).unwrap_or(i64::MAX));
        let mime = mime.to_owned();
        let written = self.shared.state.write(move |conn| {
            events::lock(conn)?;
            conn.execute(
                "INSERT INTO repos_blobs (repo_id, cid, mime, size, bytes, touched_at)
                 SELECT id, $2, $3, $4, $5, $6 FROM repos_repositories WHERE id = $1
                 ON CONFLICT (repo_id, cid) DO UPDATE SET mime = excluded.mime, touched_at = excluded.touched_at",
                &[v(entry.id), v(&cid), v(&mime), v(size), v(&bytes[..]), v(clock::now_micros())],
            )
            .map_err(Error::from)
        });
        match written.await? {
            0 => Err(Error::NotHosted(did.to_string())),
            _ => Ok(stored),
        }
    }

    /// A blob, whether or not a record refers to it yet.
    pub async fn blob(&self, did: &Did, cid: &Cid) -> Result<Option<Blob>, Error> {
        let entry = self.hosted(did)?;
        entry.served()?;
        let cid = cid.to_string();
        let found = self.shared.state.read(move |conn| {
            let find = "SELECT mime, bytes FROM repos_blobs WHERE repo_id = $1 AND cid = $2";
            conn.query_opt(find, &[v(entry.id), v(&cid)], |row| {
                Ok::<_, Error>(Blob { mime: row.string(0)?, bytes: Bytes::copy_from_slice(row.blob(1)?) })
            })
        });
        found.await
    }

    /// Removes some blobs that no record refers to and that were uploaded long ago; whether there may be more.
    pub(crate) async fn prune_blobs(&self) -> Result<bool, Error> {
        let until = clock::now_micros() - clock::micros(self.shared.limits.unused_blob_age);
        let removed = self.shared.state.write(move |conn| {
            events::lock(conn)?;
            conn.execute(
                "DELETE FROM repos_blobs WHERE (repo_id, cid) IN (
                     SELECT b.repo_id, b.cid FROM repos_blobs b
                     WHERE b.touched_at < $1 AND NOT EXISTS (
                         SELECT 1 FROM repos_blob_refs r WHERE r.repo_id = b.repo_id AND r.cid = b.cid)
                     LIMIT $2)",
                &[v(until), v(PRUNED_AT_ONCE)],
            )
            .map_err(Error::from)
        });
        Ok(removed.await? > 0)
    }
}
