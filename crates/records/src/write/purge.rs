//! Removing rows for good, together with everything derived from them.

use std::sync::Arc;

use atproto::Nsid;
use store::{Conn, Error, v};

use super::{decision, rows};
use crate::inspect::references;
use crate::{Effect, Projection, Records};

/// Rows removed at a time: their JSON is needed to find what was derived from them.
const CHUNK: u32 = 500;

/// Which rows go: those of a repository in a collection, or all of a collection.
#[derive(Clone, Copy)]
pub(super) struct Purge<'a> {
    pub(super) collection_id: i64,
    pub(super) collection: &'a str,
    /// `None` for every repository.
    pub(super) repo_id: Option<i64>,
}

struct Doomed {
    id: i64,
    visible: bool,
    did: String,
    rkey: String,
    json: Option<String>,
    repo_id: i64,
    /// It has no CID, as every record that was saved here.
    may_be_local: bool,
    created_at: i64,
}

impl Purge<'_> {
    /// Removes the next rows; the number removed, 0 when none are left.
    pub(super) fn chunk(
        self,
        conn: &mut Conn<'_>,
        projections: &[Arc<dyn Projection>],
    ) -> Result<usize, Error> {
        const OF_REPO: &str = "
            SELECT r.id, r.visible, repos.did, r.rkey, json(r.record), r.repo_id, r.cid, r.created_at
            FROM record_rows r JOIN repos ON repos.id = r.repo_id
            WHERE r.collection_id = $1 AND r.repo_id = $3 LIMIT $2";
        const OF_ALL: &str = "
            SELECT r.id, r.visible, repos.did, r.rkey, json(r.record), r.repo_id, r.cid, r.created_at
            FROM record_rows r JOIN repos ON repos.id = r.repo_id
            WHERE r.collection_id = $1 LIMIT $2";
        let mut params = vec![v(self.collection_id), v(CHUNK)];
        params.extend(self.repo_id.map(v));
        let sql = if self.repo_id.is_some() { OF_REPO } else { OF_ALL };
        let doomed = conn.query(sql, &params, |row| {
            Ok::<_, Error>(Doomed {
                id: row.int(0)?,
                visible: row.bool(1)?,
                did: row.string(2)?,
                rkey: row.string(3)?,
                json: row.opt_text(4)?.map(str::to_owned),
                repo_id: row.int(5)?,
                may_be_local: row.opt_text(6)?.is_none(),
                created_at: row.int(7)?,
            })
        })?;
        let links = |row: &Doomed| {
            let targets = row.json.as_deref().map(references).unwrap_or_default();
            let id = row.id;
            targets.into_iter().map(move |target| (target, self.collection_id, id))
        };
        rows::unlink(conn, &doomed.iter().flat_map(links).collect())?;
        rows::remove(conn, &doomed.iter().map(|row| row.id).collect::<Vec<_>>())?;
        for row in doomed.iter().filter(|row| row.may_be_local) {
            decision::end(conn, (self.collection_id, row.repo_id, &row.rkey))?;
        }
        let visible = doomed.iter().filter(|row| row.visible).count();
        rows::count(conn, self.collection_id, -i64::try_from(visible).unwrap_or_default())?;
        self.project(conn, &doomed, projections)?;
        Ok(doomed.len())
    }

    fn project(
        self,
        conn: &mut Conn<'_>,
        doomed: &[Doomed],
        projections: &[Arc<dyn Projection>],
    ) -> Result<(), Error> {
        let effects: Vec<Effect<'_>> = doomed
            .iter()
            .filter(|row| row.json.is_some())
            .map(|row| Effect {
                did: &row.did,
                collection: self.collection,
                rkey: &row.rkey,
                record_id: row.id,
                before: row.json.as_deref(),
                after: None,
                made_before: row.created_at,
                made_after: row.created_at,
            })
            .collect();
        if effects.is_empty() || faults::mutant!("records-purge-tells-nobody") {
            return Ok(());
        }
        for projection in projections {
            if projection.concerns(self.collection) {
                projection.apply(conn, &effects)?;
            }
        }
        Ok(())
    }
}

impl Records {
    /// Drops every row of a collection from the view, in many short transactions; the number of rows. Nothing is
    /// decided about the records: when the collection is indexed again they come back. Those that were saved here do not.
    pub async fn purge(&self, collection: &Nsid) -> Result<u64, crate::Error> {
        self.withdraw(collection).await?;
        let mut removed = 0;
        loop {
            let (nsid, projections) = (collection.clone(), self.projections.clone());
            let chunk = self
                .index
                .write(move |conn| {
                    super::apply::lock(conn)?;
                    let id = conn.query_opt(
                        "SELECT id FROM collections WHERE nsid = $1",
                        &[v(nsid.as_str())],
                        |row| row.int(0),
                    )?;
                    let Some(collection_id) = id else { return Ok::<_, crate::Error>(0) };
                    let purge = Purge { collection_id, collection: nsid.as_str(), repo_id: None };
                    Ok(purge.chunk(conn, &projections)?)
                })
                .await?;
            if chunk == 0 {
                return Ok(removed);
            }
            removed += chunk as u64;
        }
    }
}
