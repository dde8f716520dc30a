//! The same questions to SQLite alone.

use rusqlite::{Connection, params};

use crate::library::{COLLECTION, Library};
use crate::process::Cost;
use crate::verify;

/// Look-ups.
const COUNT: i64 = 100_000;

const GET: &str = "
    SELECT r.cid, json(r.record) FROM record_rows r
    WHERE r.collection_id = (SELECT id FROM collections WHERE nsid = ?1)
      AND r.repo_id = (SELECT id FROM repos WHERE did = ?2)
      AND r.rkey = ?3 AND r.visible = 1";

const NEWEST: &str = "
    SELECT repos.did, r.rkey, json(r.record) FROM record_rows r JOIN repos ON repos.id = r.repo_id
    WHERE r.collection_id = (SELECT id FROM collections WHERE nsid = ?1) AND r.visible = 1
    ORDER BY r.created_at DESC, r.id DESC LIMIT 20";

/// Gets arbitrary records by their keys.
pub(super) fn get(library: &Library) -> anyhow::Result<Cost> {
    let keys: Vec<(&str, String)> = (0..COUNT)
        .map(|i| library.any(i))
        .map(|k| (library.synth.did(library.synth.account(k)), library.synth.rkey(k).to_string()))
        .collect();
    let connection = open(library)?;
    let mut statement = connection.prepare(GET)?;
    Cost::of(keys.len(), || {
        for (did, rkey) in &keys {
            let row: (String, String) = statement
                .query_row(params![COLLECTION.nsid(), did, rkey], |row| Ok((row.get(0)?, row.get(1)?)))?;
            std::hint::black_box(row);
        }
        Ok(())
    })
}

/// Gets the newest twenty records.
pub(super) fn newest(library: &Library) -> anyhow::Result<Cost> {
    let connection = open(library)?;
    let mut statement = connection.prepare(NEWEST)?;
    let count = usize::try_from(COUNT / 10)?;
    Cost::of(count, || {
        for _ in 0..count {
            let mut rows = statement.query([COLLECTION.nsid()])?;
            while let Some(row) = rows.next()? {
                let row: (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
                std::hint::black_box(row);
            }
        }
        Ok(())
    })
}

fn open(library: &Library) -> anyhow::Result<Connection> {
    let connection = verify::open(&library.belvedere.index())?;
    connection.execute_batch("PRAGMA mmap_size = 268435456;")?;
    Ok(connection)
}
