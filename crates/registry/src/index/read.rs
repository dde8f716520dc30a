//! What repositories have.

use atproto::{Cid, Did};
use oci::{Digest, ManifestType, Reference};
use store::{Row, v};

use super::Index;
use crate::{Repository, lexicon};

/// A manifest that is in a repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) digest: Digest,
    pub(crate) media_type: ManifestType,
    /// Its bytes, as a blob of the owner's.
    pub(crate) blob: Option<Cid>,
    /// The key of its record.
    pub(crate) rkey: String,
    /// Where its blobs are.
    pub(crate) hold: Option<Did>,
}

/// A blob that a manifest of a repository names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PartOf {
    /// In bytes.
    pub(crate) size: u64,
    /// Whether it is a manifest itself.
    pub(crate) is_manifest: bool,
}

/// A tag and the key of its record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tagged {
    pub(crate) rkey: String,
    pub(crate) tag: String,
    pub(crate) digest: Digest,
}

/// Names in the order of bytes, and whether there are more.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Listed {
    pub(crate) names: Vec<String>,
    pub(crate) more: bool,
}

impl Found {
    /// Reads `digest, media_type, blob, rkey, hold`.
    pub(super) fn from_row(row: &Row<'_>) -> Result<Self, store::Error> {
        let media_type = row.text(1)?;
        Ok(Self {
            digest: digest(row, 0)?,
            media_type: ManifestType::parse(media_type).ok_or_else(|| strange(1, media_type))?,
            blob: row.opt_text(2)?.and_then(|cid| Cid::parse(cid).ok()),
            rkey: row.string(3)?,
            hold: row.opt_text(4)?.and_then(|did| Did::parse(did).ok()),
        })
    }
}

impl Index {
    /// The manifest that goes by this name. Of two records that claim a tag the newer one counts. One that was put under a SHA-512 has
    /// its SHA-256 as well, which is in the address of its bytes.
    pub(crate) async fn manifest(
        &self,
        repository: &Repository,
        reference: &Reference,
    ) -> Result<Option<Found>, store::Error> {
        let found = self.named(repository, reference).await?;
        match reference {
            Reference::Digest(digest @ Digest::Sha256(_)) if found.is_none() => {
                match lexicon::blob_of(digest) {
                    Some(blob) => self.of_blob(repository, &blob).await,
                    None => Ok(None),
                }
            }
            _ => Ok(found),
        }
    }

    /// The manifest whose bytes are this blob, under whichever digest it was put.
    pub(crate) async fn of_blob(
        &self,
        repository: &Repository,
        blob: &Cid,
    ) -> Result<Option<Found>, store::Error> {
        let (Repository { owner, name }, blob) = (repository.clone(), blob.to_string());
        let read = self.database.read_brief(move |conn| {
            let sql = "SELECT digest, media_type, blob, rkey, hold FROM registry_manifests
                WHERE did = $1 AND repository = $2 AND blob = $3 ORDER BY record_id LIMIT 1";
            conn.query_opt(sql, &[v(owner.as_str()), v(&name), v(&blob)], Found::from_row)
        });
        read.await
    }

    async fn named(
        &self,
        repository: &Repository,
        reference: &Reference,
    ) -> Result<Option<Found>, store::Error> {
        let (sql, name) = match reference {
            Reference::Digest(digest) => (
                "SELECT digest, media_type, blob, rkey, hold FROM registry_manifests
                WHERE did = $1 AND repository = $2 AND digest = $3 ORDER BY record_id LIMIT 1",
                digest.to_string(),
            ),
            Reference::Tag(tag) => (
                "SELECT m.digest, m.media_type, m.blob, m.rkey, m.hold FROM registry_tags t
                JOIN registry_manifests m
                    ON m.did = t.did AND m.repository = t.repository AND m.digest = t.digest
                WHERE t.did = $1 AND t.repository = $2 AND t.tag = $3
                ORDER BY t.record_id DESC, m.record_id LIMIT 1",
                tag.to_string(),
            ),
        };
        let Repository { owner, name: repository } = repository.clone();
        let read = self.database.read_brief(move |conn| {
            conn.query_opt(sql, &[v(owner.as_str()), v(&repository), v(&name)], Found::from_row)
        });
        read.await
    }

    /// The records of one tag, or of all tags of one manifest; of two that claim one tag the newer comes last.
    pub(crate) async fn tagged(
        &self,
        repository: &Repository,
        reference: &Reference,
    ) -> Result<Vec<Tagged>, store::Error> {
        let sql = match reference {
            Reference::Digest(_) => {
                "SELECT rkey, tag, digest FROM registry_tags
                WHERE did = $1 AND repository = $2 AND digest = $3 ORDER BY record_id"
            }
            Reference::Tag(_) => {
                "SELECT rkey, tag, digest FROM registry_tags
                WHERE did = $1 AND repository = $2 AND tag = $3 ORDER BY record_id"
            }
        };
        let (Repository { owner, name }, reference) = (repository.clone(), reference.to_string());
        let read = self.database.read_brief(move |conn| {
            conn.query(sql, &[v(owner.as_str()), v(&name), v(&reference)], |row| {
                Ok(Tagged { rkey: row.string(0)?, tag: row.string(1)?, digest: digest(row, 2)? })
            })
        });
        read.await
    }

    /// The records of a manifest: their keys.
    pub(crate) async fn manifest_rkeys(
        &self,
        repository: &Repository,
        digest: &Digest,
    ) -> Result<Vec<String>, store::Error> {
        let (Repository { owner, name }, digest) = (repository.clone(), digest.to_string());
        let read = self.database.read(move |conn| {
            let sql =
                "SELECT rkey FROM registry_manifests WHERE did = $1 AND repository = $2 AND digest = $3";
            conn.query(sql, &[v(owner.as_str()), v(&name), v(&digest)], |row| row.string(0))
        });
        read.await
    }

    /// What a manifest of the repository names so, if one does.
    pub(crate) async fn part(
        &self,
        repository: &Repository,
        digest: &Digest,
    ) -> Result<Option<PartOf>, store::Error> {
        let (Repository { owner, name }, digest) = (repository.clone(), digest.to_string());
        let read = self.database.read_brief(move |conn| {
            let sql = "SELECT size, kind FROM registry_parts
                WHERE did = $1 AND repository = $2 AND digest = $3 ORDER BY kind LIMIT 1";
            conn.query_opt(sql, &[v(owner.as_str()), v(&name), v(&digest)], |row| {
                Ok(PartOf { size: row.int(0)?.unsigned_abs(), is_manifest: row.int(1)? == 2 })
            })
        });
        read.await
    }

    /// Whether a manifest is about another one, or another one about it.
    pub(crate) async fn refers(
        &self,
        repository: &Repository,
        digest: &Digest,
    ) -> Result<bool, store::Error> {
        let (Repository { owner, name }, digest) = (repository.clone(), digest.to_string());
        let read = self.database.read_brief(move |conn| {
            let sql = "SELECT 1 FROM registry_manifests WHERE did = $1 AND repository = $2 AND subject = $3
                UNION ALL
                SELECT 1 FROM registry_manifests
                WHERE did = $1 AND repository = $2 AND digest = $3 AND subject IS NOT NULL LIMIT 1";
            conn.query_opt(sql, &[v(owner.as_str()), v(&name), v(&digest)], |row| row.int(0))
        });
        Ok(read.await?.is_some())
    }

    /// The tags behind `after`.
    pub(crate) async fn tags(
        &self,
        repository: &Repository,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Listed, store::Error> {
        let (Repository { owner, name }, after) = (repository.clone(), after.unwrap_or_default().to_owned());
        self.listed(limit, move |conn, limit| {
            let sql = "SELECT DISTINCT tag FROM registry_tags
                WHERE did = $1 AND repository = $2 AND tag > $3 ORDER BY tag LIMIT $4";
            conn.query(sql, &[v(owner.as_str()), v(&name), v(&after), v(limit)], |row| row.string(0))
        })
        .await
    }

    pub(super) async fn listed(
        &self,
        limit: usize,
        query: impl Fn(&mut store::Conn<'_>, i64) -> Result<Vec<String>, store::Error> + Send + 'static,
    ) -> Result<Listed, store::Error> {
        // One more tells whether there are more.
        let most = i64::try_from(limit.saturating_add(1)).unwrap_or(i64::MAX);
        let mut names = self.database.read(move |conn| query(conn, most)).await?;
        let more = names.len() > limit;
        names.truncate(limit);
        Ok(Listed { names, more })
    }

    /// Whether the repository has anything at all.
    pub(crate) async fn exists(&self, repository: &Repository) -> Result<bool, store::Error> {
        let Repository { owner, name } = repository.clone();
        let read = self.database.read_brief(move |conn| {
            let sql = "SELECT 1 FROM registry_manifests WHERE did = $1 AND repository = $2 LIMIT 1";
            conn.query_opt(sql, &[v(owner.as_str()), v(&name)], |row| row.int(0))
        });
        Ok(read.await?.is_some())
    }

    /// The manifests that are about this one, behind `after` in the order of their digests.
    pub(crate) async fn referrers(
        &self,
        repository: &Repository,
        subject: &Digest,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Found>, store::Error> {
        let (Repository { owner, name }, subject) = (repository.clone(), subject.to_string());
        let (after, limit) = (after.unwrap_or_default().to_owned(), i64::try_from(limit).unwrap_or(i64::MAX));
        let read = self.database.read(move |conn| {
            let sql = "SELECT digest, media_type, blob, rkey, hold FROM registry_manifests
                WHERE did = $1 AND repository = $2 AND subject = $3 AND digest > $4 ORDER BY digest LIMIT $5";
            let of = [v(owner.as_str()), v(&name), v(&subject), v(&after), v(limit)];
            let mut found = conn.query(sql, &of, Found::from_row)?;
            found.dedup_by(|next, before| next.digest == before.digest);
            Ok(found)
        });
        read.await
    }
}

fn digest(row: &Row<'_>, column: usize) -> Result<Digest, store::Error> {
    let text = row.text(column)?;
    Digest::parse(text).map_err(|_| strange(column, text))
}

fn strange(column: usize, text: &str) -> store::Error {
    store::Error::Column { column, message: format!("{text:?} was not written by this server") }
}
