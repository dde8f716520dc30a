//! Which blobs are in which repository, apart from those that its manifests name: what was sent to it or mounted into it. A link says in
//! which hold the blob lies; of a blob that was sent to two of them one after the other, the later.

use atproto::Did;
use oci::Digest;
use store::{Database, Engine, Row, v};

use crate::Repository;
use crate::place::Place;

/// Cheap to clone.
#[derive(Clone)]
pub(crate) struct Links {
    state: Database,
}

/// A blob that is linked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Linked {
    /// In bytes.
    pub(crate) size: u64,
    /// In which hold it is.
    pub(crate) place: Place,
}

impl Linked {
    /// Reads `size, hold`.
    fn from_row(row: &Row<'_>) -> Result<Self, store::Error> {
        let strange =
            |error: atproto::SyntaxError| store::Error::Column { column: 1, message: error.to_string() };
        let hold = row.opt_text(1)?.map(Did::parse).transpose().map_err(strange)?;
        Ok(Self { size: row.int(0)?.unsigned_abs(), place: hold.map_or(Place::Here, Place::In) })
    }
}

impl Links {
    pub(crate) fn new(state: Database) -> Self {
        Self { state }
    }

    /// A blob, if it is linked.
    pub(crate) async fn find(
        &self,
        repository: &Repository,
        digest: &Digest,
    ) -> Result<Option<Linked>, store::Error> {
        let (Repository { owner, name }, digest) = (repository.clone(), digest.to_string());
        let read = self.state.read_brief(move |conn| {
            let sql =
                "SELECT size, hold FROM registry_links WHERE owner_did = $1 AND repository = $2 AND digest = $3";
            conn.query_opt(sql, &[v(owner.as_str()), v(&name), v(&digest)], Linked::from_row)
        });
        read.await
    }

    /// The size of a blob that is linked in any repository of an owner, and lies in this hold.
    pub(crate) async fn anywhere(
        &self,
        owner: &Did,
        digest: &Digest,
        place: &Place,
    ) -> Result<Option<u64>, store::Error> {
        let (owner, digest, place) = (owner.clone(), digest.to_string(), place.clone());
        let read = self.state.read(move |conn| {
            let sql = "SELECT size, hold FROM registry_links WHERE owner_did = $1 AND digest = $2";
            let linked = conn.query(sql, &[v(owner.as_str()), v(&digest)], Linked::from_row)?;
            Ok::<_, store::Error>(linked.into_iter().find(|linked| linked.place == place))
        });
        Ok(read.await?.map(|linked| linked.size))
    }

    /// Whether anybody has linked a blob that lies in our own hold.
    pub(crate) async fn has_here(&self, digest: &Digest) -> Result<bool, store::Error> {
        let digest = digest.to_string();
        let read = self.state.read(move |conn| {
            let sql = "SELECT 1 FROM registry_links WHERE digest = $1 AND hold IS NULL LIMIT 1";
            conn.query_opt(sql, &[v(&digest)], |row| row.int(0))
        });
        Ok(read.await?.is_some())
    }

    /// Links a blob that lies in this hold. Once more changes nothing.
    pub(crate) async fn add(
        &self,
        repository: &Repository,
        digest: &Digest,
        size: u64,
        place: &Place,
    ) -> Result<(), store::Error> {
        let (Repository { owner, name }, digest) = (repository.clone(), digest.to_string());
        let (now, place) = (clock::now_micros(), place.clone());
        let written = self.state.write_brief(move |conn| {
            let sql = "INSERT INTO registry_links (owner_did, repository, digest, size, created_at, hold)
                VALUES ($1, $2, $3, $4, $5, $6)
                ON CONFLICT (owner_did, repository, digest) DO UPDATE SET hold = excluded.hold
                    WHERE registry_links.hold IS DISTINCT FROM excluded.hold";
            let size = size.cast_signed();
            let link = [v(owner.as_str()), v(&name), v(&digest), v(size), v(now), v(place.column())];
            conn.execute(sql, &link)
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

    /// Links for `to` whatever is linked for `from`, each in the hold that it lies in.
    pub(crate) async fn hand_over(&self, from: &Did, to: &Did) -> Result<(), store::Error> {
        let (from, to) = (from.clone(), to.clone());
        let written = self.state.write(move |conn| {
            let sql = "INSERT INTO registry_links (owner_did, repository, digest, size, created_at, hold)
                SELECT $2, repository, digest, size, created_at, hold FROM registry_links WHERE owner_did = $1
                ON CONFLICT DO NOTHING";
            conn.execute(sql, &[v(from.as_str()), v(to.as_str())])
        });
        written.await.map(drop)
    }

    /// Removes all links to blobs that are gone from our own hold.
    pub(crate) async fn forget(&self, gone: Vec<Digest>) -> Result<(), store::Error> {
        let gone: Vec<_> = gone.iter().map(ToString::to_string).collect();
        let gone = serde_json::Value::from(gone).to_string();
        let written = self.state.write(move |conn| {
            let sql = match conn.engine() {
                Engine::Sqlite => {
                    "DELETE FROM registry_links
                    WHERE hold IS NULL AND digest IN (SELECT value FROM json_each($1))"
                }
                Engine::Postgres => {
                    "DELETE FROM registry_links
                    WHERE hold IS NULL AND digest IN (SELECT jsonb_array_elements_text($1::text::jsonb))"
                }
            };
            conn.execute(sql, &[v(&gone)])
        });
        written.await.map(drop)
    }
}

#[cfg(test)]
mod tests;
