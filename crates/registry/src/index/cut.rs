//! Manifests that name more than their records do: a record has room for some hundred, and the manifest is its blob.

use store::v;

use super::read::Found;
use super::{Index, rows};
use crate::Repository;
use crate::lexicon::Part;

/// Manifests that are read at once.
const MOST: i64 = 16;

impl Index {
    /// Those of a repository whose bytes have not been read for what else they name, each with the number of its record.
    pub(crate) async fn cut(&self, repository: &Repository) -> Result<Vec<(i64, Found)>, store::Error> {
        let Repository { owner, name } = repository.clone();
        let read = self.database.read_brief(move |conn| {
            let sql = "SELECT digest, media_type, blob, rkey, hold, record_id FROM registry_manifests
                WHERE did = $1 AND repository = $2 AND cut = 1 ORDER BY record_id DESC LIMIT $3";
            conn.query(sql, &[v(owner.as_str()), v(&name), v(MOST)], |row| {
                Ok::<_, store::Error>((row.int(5)?, Found::from_row(row)?))
            })
        });
        read.await
    }

    /// Says what one of them names, all of it. One that has changed meanwhile stays as it is.
    pub(crate) async fn fill(
        &self,
        repository: &Repository,
        (record_id, found): (i64, &Found),
        parts: Vec<Part>,
    ) -> Result<(), store::Error> {
        let (Repository { owner, name }, digest) = (repository.clone(), found.digest.to_string());
        let written = self.database.write(move |conn| {
            let sql = "UPDATE registry_manifests SET cut = 0
                WHERE record_id = $1 AND did = $2 AND repository = $3 AND digest = $4 AND cut = 1";
            let of = [v(record_id), v(owner.as_str()), v(&name), v(&digest)];
            if conn.execute(sql, &of)? == 0 {
                return Ok(());
            }
            conn.execute("DELETE FROM registry_parts WHERE record_id = $1", &[v(record_id)])?;
            rows::parts(conn, (record_id, owner.as_str(), &name), &parts)
        });
        written.await
    }
}
