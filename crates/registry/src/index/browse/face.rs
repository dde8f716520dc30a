//! One repository as its page shows it.

use std::collections::BTreeMap;

use atproto::Did;
use store::{Conn, Value, v};

use super::card::{COLUMNS, Card, JOINS};
use crate::Repository;
use crate::index::Index;

/// What is known of it.
#[derive(Debug)]
pub(crate) struct Face {
    pub(crate) card: Card,
    /// What its newest image says of itself.
    pub(crate) annotations: BTreeMap<String, String>,
    pub(crate) page: Option<Page>,
    /// Whether whoever looks likes it.
    pub(crate) is_starred: bool,
}

/// What its owner writes about it.
#[derive(Debug, Clone)]
pub(crate) struct Page {
    pub(crate) rkey: String,
    /// Markdown.
    pub(crate) description: Option<String>,
    /// The CID of a blob of the owner's.
    pub(crate) avatar: Option<String>,
}

impl Index {
    /// A repository that has a manifest.
    pub(crate) async fn face(
        &self,
        repository: &Repository,
        viewer: Option<&Did>,
    ) -> Result<Option<Face>, store::Error> {
        let (Repository { owner, name }, viewer) = (repository.clone(), viewer.cloned());
        let read = self.database.read(move |conn| {
            let of = [v(owner.as_str()), v(&name)];
            let sql = format!(
                "SELECT {COLUMNS}, p.annotations FROM registry_repositories r {JOINS}
                WHERE r.did = $1 AND r.repository = $2 AND r.pushed_at IS NOT NULL"
            );
            let found =
                conn.query_opt(&sql, &of, |row| Ok::<_, store::Error>((Card::read(row)?, row.string(13)?)))?;
            let Some((card, annotations)) = found else { return Ok(None) };
            let annotations = serde_json::from_str(&annotations).unwrap_or_default();
            let is_starred = match &viewer {
                Some(viewer) => !star_rkeys(conn, viewer, &of)?.is_empty(),
                None => false,
            };
            Ok(Some(Face { card, annotations, page: page(conn, &of)?, is_starred }))
        });
        read.await
    }

    /// What its owner writes about it.
    pub(crate) async fn page(&self, repository: &Repository) -> Result<Option<Page>, store::Error> {
        let Repository { owner, name } = repository.clone();
        self.database.read(move |conn| page(conn, &[v(owner.as_str()), v(&name)])).await
    }

    /// The keys of all records of what its owner writes about it.
    pub(crate) async fn page_rkeys(&self, repository: &Repository) -> Result<Vec<String>, store::Error> {
        let Repository { owner, name } = repository.clone();
        let read = self.database.read(move |conn| {
            let sql = "SELECT rkey FROM registry_pages WHERE did = $1 AND repository = $2";
            conn.query(sql, &[v(owner.as_str()), v(&name)], |row| row.string(0))
        });
        read.await
    }

    /// The keys of the records of somebody's star.
    pub(crate) async fn star_rkeys(
        &self,
        who: &Did,
        repository: &Repository,
    ) -> Result<Vec<String>, store::Error> {
        let (Repository { owner, name }, who) = (repository.clone(), who.clone());
        self.database.read(move |conn| star_rkeys(conn, &who, &[v(owner.as_str()), v(&name)])).await
    }

    /// How many like it, whether or not it has a manifest.
    pub(crate) async fn stars(&self, repository: &Repository) -> Result<u64, store::Error> {
        let Repository { owner, name } = repository.clone();
        let read = self.database.read(move |conn| {
            let sql = "SELECT stars FROM registry_repositories WHERE did = $1 AND repository = $2";
            conn.query_opt(sql, &[v(owner.as_str()), v(&name)], |row| row.int(0))
        });
        Ok(read.await?.unwrap_or_default().unsigned_abs())
    }
}

fn page(conn: &mut Conn<'_>, of: &[Value<'_>; 2]) -> Result<Option<Page>, store::Error> {
    let sql = "SELECT rkey, description, avatar FROM registry_pages
        WHERE did = $1 AND repository = $2 ORDER BY record_id DESC LIMIT 1";
    conn.query_opt(sql, of, |row| {
        let text = |column| Ok::<_, store::Error>(row.opt_text(column)?.map(str::to_owned));
        Ok(Page { rkey: row.string(0)?, description: text(1)?, avatar: text(2)? })
    })
}

fn star_rkeys(conn: &mut Conn<'_>, who: &Did, of: &[Value<'_>; 2]) -> Result<Vec<String>, store::Error> {
    let sql = "SELECT rkey FROM registry_stars WHERE owner = $1 AND repository = $2 AND did = $3";
    let [owner, name] = *of;
    conn.query(sql, &[owner, name, v(who.as_str())], |row| row.string(0))
}
