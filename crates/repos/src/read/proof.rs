//! One record with what proves it (`com.atproto.sync.getRecord`).

use atproto::car::CarWriter;
use atproto::data::record::encode;
use atproto::mst::Draft;
use atproto::{Cid, Did, Nsid, RecordKey};
use store::{Conn, v};

use crate::directory::Entry;
use crate::nodes::{NodeCache, StoredNodes};
use crate::{Error, Repos};

impl Repos {
    /// A CAR file with the signed commit, the nodes on the way to where the record is or would be, and the record, if there is
    /// one: a proof either way.
    pub async fn proof(&self, did: &Did, collection: &Nsid, rkey: &RecordKey) -> Result<Vec<u8>, Error> {
        let entry = self.hosted(did)?;
        entry.served()?;
        let (shared, collection, rkey) = (self.shared.clone(), collection.clone(), rkey.clone());
        // Several statements that must speak of the same moment.
        let state = self.shared.state.clone();
        state.snapshot(move |conn| prove(conn, &entry, &shared.nodes, &collection, &rkey)).await
    }
}

fn prove(
    conn: &mut Conn<'_>,
    entry: &Entry,
    cache: &NodeCache,
    collection: &Nsid,
    rkey: &RecordKey,
) -> Result<Vec<u8>, Error> {
    let did = &entry.did;
    let damaged = |problem: &str| Error::damaged(did, problem);
    let head = "SELECT root, commit_cid, commit_block FROM repos_repositories WHERE id = $1";
    let found = conn.query_opt(head, &[v(entry.id)], |row| {
        let cid = |column| Cid::parse(row.text(column)?).map_err(|_| damaged("its head cannot be read"));
        Ok::<_, Error>((cid(0)?, cid(1)?, row.blob(2)?.to_vec()))
    })?;
    let (root, commit, block) = found.ok_or_else(|| Error::NotHosted(did.to_string()))?;
    let mut car = CarWriter::new(&commit);
    car.block(&commit, &block);
    let nodes = StoredNodes::new(conn, entry.id, cache);
    let path = format!("{collection}/{rkey}");
    let (way, value) = Draft::of(root).path(&nodes, &path).map_err(|error| Error::of_tree(did, error))?;
    for cid in way {
        let block = nodes.block(&cid)?.ok_or_else(|| damaged("a node is missing"))?;
        car.block(&cid, &block);
    }
    if let Some(cid) = value {
        let record = "SELECT json FROM repos_records WHERE repo_id = $1 AND collection = $2 AND rkey = $3";
        let key = [v(entry.id), v(collection.as_str()), v(rkey.as_str())];
        let json: String = conn.query_one(record, &key, |row| row.string(0))?;
        car.block(&cid, &encode(&json).map_err(|error| damaged(&error.to_string()))?);
    }
    Ok(car.take())
}
