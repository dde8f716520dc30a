//! A repository as lists show it, and the lists that are read without a question.

use atproto::Did;
use store::{Row, v};

use crate::index::Index;
use crate::lexicon::Kind;

/// A repository in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Card {
    pub(crate) owner: Did,
    /// What the owner is called, as far as is known.
    pub(crate) handle: Option<String>,
    pub(crate) repository: String,
    pub(crate) title: Option<String>,
    pub(crate) description: Option<String>,
    /// Of the newest image; so are the next four.
    pub(crate) kind: Kind,
    pub(crate) digest: String,
    /// One that it has now.
    pub(crate) tag: Option<String>,
    pub(crate) platforms: Vec<String>,
    /// Of what it names, in bytes.
    pub(crate) size: u64,
    /// In microseconds.
    pub(crate) pushed_at: i64,
    pub(crate) stars: u64,
    /// The digest of how the newest image is run.
    pub(crate) config: Option<String>,
}

/// What [`Card::read`] reads, of `registry_repositories r`.
pub(super) const COLUMNS: &str = "r.did, o.handle, r.repository, r.title, r.description, p.kind, m.digest,
    (SELECT t.tag FROM registry_tags t
     WHERE t.did = r.did AND t.repository = r.repository AND t.digest = m.digest
     ORDER BY t.record_id DESC LIMIT 1),
    p.platforms, p.size, r.pushed_at, r.stars,
    (SELECT c.digest FROM registry_parts c WHERE c.record_id = p.record_id AND c.position = 0 AND c.kind = 0)";

/// What they are read from, besides.
pub(super) const JOINS: &str = "JOIN registry_pushes p ON p.record_id = r.record_id
    JOIN registry_manifests m ON m.record_id = r.record_id
    LEFT JOIN registry_owners o ON o.did = r.did";

impl Card {
    pub(super) fn read(row: &Row<'_>) -> Result<Self, store::Error> {
        let owner = row.text(0)?;
        let strange = |_| store::Error::Column { column: 0, message: format!("{owner:?} is no DID") };
        let text = |column| Ok::<_, store::Error>(row.opt_text(column)?.map(str::to_owned));
        Ok(Self {
            owner: Did::parse(owner).map_err(strange)?,
            handle: text(1)?,
            repository: row.string(2)?,
            title: text(3)?,
            description: text(4)?,
            kind: Kind::of_number(row.int(5)?),
            digest: row.string(6)?,
            tag: text(7)?,
            platforms: serde_json::from_str(row.text(8)?).unwrap_or_default(),
            size: row.int(9)?.unsigned_abs(),
            pushed_at: row.int(10)?,
            stars: row.int(11)?.unsigned_abs(),
            config: text(12)?,
        })
    }

    /// The whole name, as clients take it: with the handle, or else with the DID in its own spelling.
    pub(crate) fn name(&self) -> String {
        let owner = self.handle.clone().unwrap_or_else(|| self.owner.as_str().replacen(':', "-", 2));
        format!("{owner}/{}", self.repository)
    }
}

impl Index {
    /// What was pushed last.
    pub(crate) async fn recent(&self, limit: u32) -> Result<Vec<Card>, store::Error> {
        self.cards(limit, "r.pushed_at IS NOT NULL ORDER BY r.pushed_at DESC, r.did, r.repository").await
    }

    /// What most people like.
    pub(crate) async fn starred(&self, limit: u32) -> Result<Vec<Card>, store::Error> {
        let most = "r.pushed_at IS NOT NULL AND r.stars > 0
            ORDER BY r.stars DESC, r.pushed_at DESC, r.did, r.repository";
        self.cards(limit, most).await
    }

    async fn cards(&self, limit: u32, which: &'static str) -> Result<Vec<Card>, store::Error> {
        let read = self.database.read(move |conn| {
            let sql = format!("SELECT {COLUMNS} FROM registry_repositories r {JOINS} WHERE {which} LIMIT $1");
            conn.query(&sql, &[v(limit)], Card::read)
        });
        read.await
    }
}
