//! The tags and the manifests of a repository, as its page lists them.

use std::collections::BTreeMap;

use store::{Row, v};

use crate::Repository;
use crate::index::Index;
use crate::lexicon::Kind;

/// A manifest in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pushed {
    /// Where the list goes on.
    pub(crate) row: i64,
    pub(crate) digest: String,
    pub(crate) media_type: String,
    pub(crate) kind: Kind,
    /// Of what it names, in bytes.
    pub(crate) size: u64,
    /// In microseconds.
    pub(crate) created_at: i64,
    pub(crate) platforms: Vec<String>,
    /// The DID of where its blobs are.
    pub(crate) hold: Option<String>,
    /// The digest of what it is about.
    pub(crate) subject: Option<String>,
    pub(crate) annotations: BTreeMap<String, String>,
    /// The digest of how it is run.
    pub(crate) config: Option<String>,
}

/// A tag in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TagRow {
    pub(crate) tag: String,
    pub(crate) manifest: Pushed,
}

const COLUMNS: &str = "p.record_id, m.digest, m.media_type, p.kind, p.size, p.created_at, p.platforms, m.hold,
    m.subject, p.annotations,
    (SELECT c.digest FROM registry_parts c WHERE c.record_id = p.record_id AND c.position = 0 AND c.kind = 0)";

impl Pushed {
    fn read(row: &Row<'_>) -> Result<Self, store::Error> {
        let text = |column| Ok::<_, store::Error>(row.opt_text(column)?.map(str::to_owned));
        Ok(Self {
            row: row.int(0)?,
            digest: row.string(1)?,
            media_type: row.string(2)?,
            kind: Kind::of_number(row.int(3)?),
            size: row.int(4)?.unsigned_abs(),
            created_at: row.int(5)?,
            platforms: serde_json::from_str(row.text(6)?).unwrap_or_default(),
            hold: text(7)?,
            subject: text(8)?,
            annotations: serde_json::from_str(row.text(9)?).unwrap_or_default(),
            config: text(10)?,
        })
    }
}

impl Index {
    /// The tags behind `after`, in the order of their names, and whether there are more. One that leads nowhere is not among them.
    pub(crate) async fn tag_rows(
        &self,
        repository: &Repository,
        after: &str,
        limit: u32,
    ) -> Result<(Vec<TagRow>, bool), store::Error> {
        let (Repository { owner, name }, after) = (repository.clone(), after.to_owned());
        let read = self.database.read(move |conn| {
            let sql = format!(
                "SELECT {COLUMNS}, t.tag FROM registry_tags t
                JOIN registry_manifests m
                    ON m.did = t.did AND m.repository = t.repository AND m.digest = t.digest
                JOIN registry_pushes p ON p.record_id = m.record_id
                WHERE t.did = $1 AND t.repository = $2 AND t.tag > $3
                ORDER BY t.tag, t.record_id DESC LIMIT $4"
            );
            let of = [v(owner.as_str()), v(&name), v(&after), v(limit + 1)];
            let mut rows = conn.query(&sql, &of, |row| {
                Ok::<_, store::Error>(TagRow { manifest: Pushed::read(row)?, tag: row.string(11)? })
            })?;
            let more = rows.len() > limit as usize;
            rows.truncate(limit as usize);
            // Of two records that claim a tag the newer one counts.
            rows.dedup_by(|next, before| next.tag == before.tag);
            Ok((rows, more))
        });
        read.await
    }

    /// The manifests behind `after`, the newest first; without those that are about others.
    pub(crate) async fn pushed(
        &self,
        repository: &Repository,
        after: Option<(i64, i64)>,
        limit: u32,
    ) -> Result<Vec<Pushed>, store::Error> {
        let Repository { owner, name } = repository.clone();
        let (time, row) = after.unwrap_or((i64::MAX, i64::MAX));
        let read = self.database.read(move |conn| {
            let sql = format!(
                "SELECT {COLUMNS} FROM registry_pushes p
                JOIN registry_manifests m ON m.record_id = p.record_id
                WHERE p.did = $1 AND p.repository = $2 AND p.is_about = 0
                    AND (p.created_at, p.record_id) < ($3, $4)
                ORDER BY p.created_at DESC, p.record_id DESC LIMIT $5"
            );
            conn.query(&sql, &[v(owner.as_str()), v(&name), v(time), v(row), v(limit)], Pushed::read)
        });
        read.await
    }

    /// One manifest, under the digest of its record.
    pub(crate) async fn pushed_as(
        &self,
        repository: &Repository,
        digest: &oci::Digest,
    ) -> Result<Option<Pushed>, store::Error> {
        let (Repository { owner, name }, digest) = (repository.clone(), digest.to_string());
        let read = self.database.read(move |conn| {
            let sql = format!(
                "SELECT {COLUMNS} FROM registry_manifests m
                JOIN registry_pushes p ON p.record_id = m.record_id
                WHERE m.did = $1 AND m.repository = $2 AND m.digest = $3 ORDER BY m.record_id LIMIT 1"
            );
            conn.query_opt(&sql, &[v(owner.as_str()), v(&name), v(&digest)], Pushed::read)
        });
        read.await
    }

    /// All manifests of a repository: their digests.
    pub(crate) async fn digests(
        &self,
        repository: &Repository,
        limit: u32,
    ) -> Result<Vec<String>, store::Error> {
        let Repository { owner, name } = repository.clone();
        let read = self.database.read(move |conn| {
            let sql = "SELECT DISTINCT digest FROM registry_manifests
                WHERE did = $1 AND repository = $2 LIMIT $3";
            conn.query(sql, &[v(owner.as_str()), v(&name), v(limit)], |row| row.string(0))
        });
        read.await
    }
}
