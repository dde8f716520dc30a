//! Which blobs are in which repository, apart from those that its manifests name: what was sent to it or mounted into it.

use oci::Digest;
use store::{Database, Engine, v};

use crate::Repository;

/// Cheap to clone.
#[derive(Clone)]
pub(crate) struct Links {
    state: Database,
}

impl Links {
    pub(crate) fn new(state: Database) -> Self {
        Self { state }
    }

    /// The size of a blob that is linked, in bytes.
    pub(crate) async fn size(
        &self,
        repository: &Repository,
        digest: &Digest,
    ) -> Result<Option<u64>, store::Error> {
        let (Repository { owner, name }, digest) = (repository.clone(), digest.to_string());
        let read = self.state.read_brief(move |conn| {
            let sql =
                "SELECT size FROM registry_links WHERE owner_did = $1 AND repository = $2 AND digest = $3";
            conn.query_opt(sql, &[v(owner.as_str()), v(&name), v(&digest)], |row| row.int(0))
        });
        Ok(read.await?.map(i64::unsigned_abs))
    }

    /// The size of a blob that is linked in any repository of an owner.
    pub(crate) async fn anywhere(
        &self,
        owner: &atproto::Did,
        digest: &Digest,
    ) -> Result<Option<u64>, store::Error> {
        let (owner, digest) = (owner.clone(), digest.to_string());
        let read = self.state.read(move |conn| {
            let sql = "SELECT size FROM registry_links WHERE owner_did = $1 AND digest = $2 LIMIT 1";
            conn.query_opt(sql, &[v(owner.as_str()), v(&digest)], |row| row.int(0))
        });
        Ok(read.await?.map(i64::unsigned_abs))
    }

    /// Links a blob. Once more changes nothing.
    pub(crate) async fn add(
        &self,
        repository: &Repository,
        digest: &Digest,
        size: u64,
    ) -> Result<(), store::Error> {
        let (Repository { owner, name }, digest) = (repository.clone(), digest.to_string());
        let now = clock::now_micros();
        let written = self.state.write_brief(move |conn| {
            let sql = "INSERT INTO registry_links (owner_did, repository, digest, size, created_at)
                VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
            conn.execute(sql, &[v(owner.as_str()), v(&name), v(&digest), v(size.cast_signed()), v(now)])
        });
        written.await.map(drop)
    }

    /// Removes a link. Whether it was there.
    pub(crate) async fn remove(
        &self,
        repository: &Repository,
        digest: &Digest,
    ) -> Result<bool, store::Error> {
        let (Repository { owner, name }, digest) = (repository.clone(), digest.to_string());
        let written = self.state.write(move |conn| {
            let sql = "DELETE FROM registry_links WHERE owner_did = $1 AND repository = $2 AND digest = $3";
            conn.execute(sql, &[v(owner.as_str()), v(&name), v(&digest)])
        });
        Ok(written.await? > 0)
    }

    /// Removes all links to blobs that are gone.
    pub(crate) async fn forget(&self, gone: Vec<Digest>) -> Result<(), store::Error> {
        let gone: Vec<_> = gone.iter().map(ToString::to_string).collect();
        let gone = serde_json::Value::from(gone).to_string();
        let written = self.state.write(move |conn| {
            let sql = match conn.engine() {
                Engine::Sqlite => {
                    "DELETE FROM registry_links WHERE digest IN (SELECT value FROM json_each($1))"
                }
                Engine::Postgres => {
                    "DELETE FROM registry_links
                    WHERE digest IN (SELECT jsonb_array_elements_text($1::text::jsonb))"
                }
            };
            conn.execute(sql, &[v(&gone)])
        });
        written.await.map(drop)
    }
}
