//! Showing a projection what was here before it.

use std::sync::Arc;

use atproto::Nsid;
use store::{Conn, Role, v};

use super::lock;
use crate::{Effect, Error, Projection, Records};

/// Records of one transaction.
const PAGE: i64 = 500;

/// A record as it is, and where it is in the order of its collection.
struct Shown {
    id: i64,
    repo: i64,
    did: String,
    rkey: String,
    json: String,
    created_at: i64,
}

impl Records {
    /// Shows a projection all records of its collections as if each had just been replaced by itself; how many they were. Whatever is
    /// written meanwhile is told to it as always. `told` is told how many it was shown so far.
    pub async fn project(&self, projection: &Arc<dyn Projection>, told: impl Fn(u64)) -> Result<u64, Error> {
        let index = self.index.with_role(Role::Backfill);
        let mut all = 0;
        for collection in projection.collections() {
            let mut after = (0, String::new());
            loop {
                let (projection, collection, from) = (projection.clone(), collection.clone(), after.clone());
                let shown = index.write(move |conn| {
                    // Nothing of the page changes before the projection has seen it.
                    lock(conn)?;
                    let page = page(conn, &collection, (from.0, &from.1))?;
                    let effects: Vec<_> = page.iter().map(|shown| shown.effect(&collection)).collect();
                    if !effects.is_empty() {
                        projection.apply(conn, &effects)?;
                    }
                    let last = page.last().map(|last| (last.repo, last.rkey.clone()));
                    Ok::<_, Error>((page.len() as u64, last))
                });
                let (count, last) = shown.await?;
                all += count;
                told(all);
                match last {
                    Some(last) => after = last,
                    None => break,
                }
            }
        }
        Ok(all)
    }
}

impl Shown {
    fn effect<'s>(&'s self, collection: &'s Nsid) -> Effect<'s> {
        Effect {
            did: &self.did,
            collection: collection.as_str(),
            rkey: &self.rkey,
            record_id: self.id,
            before: Some(&self.json),
            after: Some(&self.json),
            made_before: self.created_at,
            made_after: self.created_at,
        }
    }
}

fn page(conn: &mut Conn<'_>, collection: &Nsid, after: (i64, &str)) -> Result<Vec<Shown>, store::Error> {
    let sql = "
        SELECT r.id, r.repo_id, repos.did, r.rkey, json(r.record), r.created_at
        FROM record_rows r JOIN repos ON repos.id = r.repo_id
        WHERE r.collection_id = (SELECT id FROM collections WHERE nsid = $1)
            AND r.visible = 1 AND (r.repo_id, r.rkey) > ($2, $3)
        ORDER BY r.repo_id, r.rkey LIMIT $4";
    conn.query(sql, &[v(collection.as_str()), v(after.0), v(after.1), v(PAGE)], |row| {
        let (id, repo, did) = (row.int(0)?, row.int(1)?, row.string(2)?);
        Ok(Shown { id, repo, did, rkey: row.string(3)?, json: row.string(4)?, created_at: row.int(5)? })
    })
}
