//! What is in the index of one repository, and what is not in it on purpose.

use std::collections::BTreeMap;

use atproto::{AtUri, Cid, Did, Nsid, RecordKey};
use store::{Database, Error, Row, Store, v};

use super::compare::{Here, Versions};

/// Everything here of the repository in these collections.
pub(super) async fn read(store: &Store, did: &Did, collections: &[Nsid]) -> Result<Here, Error> {
    let mut records = BTreeMap::new();
    for collection in collections {
        records.append(&mut visible(&store.index, did, collection).await?);
    }
    Ok(Here { records, deleted: deleted(&store.state, did).await? })
}

/// What readers of the collection see.
async fn visible(index: &Database, did: &Did, collection: &Nsid) -> Result<Versions<Option<Cid>>, Error> {
    const SQL: &str = "SELECT rkey, cid FROM network_records WHERE did = $1 AND collection = $2";
    let (did, collection) = (did.clone(), collection.clone());
    index
        .read(move |conn| {
            let rows = conn.query(SQL, &[v(did.as_str()), v(collection.as_str())], |row| {
                Ok::<_, Error>(RecordKey::parse(row.text(0)?).ok().zip(Some(cid(row, 1)?)))
            })?;
            let keyed = rows.into_iter().flatten();
            Ok(keyed.map(|(rkey, cid)| ((collection.clone(), rkey), cid)).collect())
        })
        .await
}

/// What was left out here, of all collections, even if something else was saved under its name since. or was, before something else was saved under its name.
async fn deleted(state: &Database, did: &Did) -> Result<Versions<Option<Cid>>, Error> {
    // The collation of a PostgreSQL database may order texts in other ways than by their beginnings.
    const SQL: &str = "
        SELECT uri, cid FROM local_decisions
        WHERE (decision = 'deleted' OR (decision = 'saved' AND cid IS NOT NULL)) AND substr(uri, 1, $2) = $1";
    let prefix = format!("at://{did}/");
    let length = i64::try_from(prefix.len()).unwrap_or(i64::MAX);
    state
        .read(move |conn| {
            let rows = conn.query(SQL, &[v(&prefix), v(length)], |row| {
                Ok::<_, Error>(key(row.text(0)?).zip(Some(cid(row, 1)?)))
            })?;
            Ok(rows.into_iter().flatten().collect())
        })
        .await
}

fn cid(row: &Row<'_>, column: usize) -> Result<Option<Cid>, Error> {
    Ok(row.opt_text(column)?.and_then(|cid| Cid::parse(cid).ok()))
}

fn key(uri: &str) -> Option<(Nsid, RecordKey)> {
    AtUri::record_name(uri).map(|(_, collection, rkey)| (collection, rkey))
}
