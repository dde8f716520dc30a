//! The index's own tables, written by nothing but prepared statements.

use std::path::Path;

use anyhow::Context;
use rusqlite::{Connection, Transaction, params};

use super::batch::{Batch, Row, Write};
use super::plan::collection_id;
use crate::synth::Collection;

/// The tables as the server creates them.
const SCHEMA: &str = include_str!("../../../crates/records/src/schema/001_index.sqlite.sql");
/// The settings of the server's writer for its rebuildable database.
const PRAGMAS: &str = "
    PRAGMA page_size = 8192;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    PRAGMA cache_size = -32768;
    PRAGMA wal_autocheckpoint = 8000;
    PRAGMA foreign_keys = ON;
    PRAGMA temp_store = MEMORY;
    PRAGMA mmap_size = 2147418112;";

const SOURCE: &str = "raw";

/// A database with the server's schema.
#[derive(Debug)]
pub struct RawIndex {
    connection: Connection,
}

impl RawIndex {
    /// A new database file.
    ///
    /// # Errors
    /// When SQLite refuses.
    pub fn create(path: &Path) -> anyhow::Result<Self> {
        let index = Self::open(path)?;
        index.connection.execute_batch(SCHEMA).context("creating the tables of the index")?;
        index.connection.execute("INSERT INTO cursors (source) VALUES (?1)", [SOURCE])?;
        index.insert_collections()?;
        Ok(index)
    }

    /// A database file that a server has made and left.
    ///
    /// # Errors
    /// When SQLite refuses.
    pub fn open(path: &Path) -> anyhow::Result<Self> {
        let connection = Connection::open(path).with_context(|| format!("opening {}", path.display()))?;
        connection.set_prepared_statement_cache_capacity(64);
        connection.execute_batch(PRAGMAS)?;
        Ok(Self { connection })
    }

    /// Writes one batch in one transaction.
    ///
    /// # Errors
    /// When SQLite refuses.
    pub fn apply(&mut self, batch: &Batch) -> anyhow::Result<()> {
        let transaction = self.connection.transaction()?;
        write_repos(&transaction, batch)?;
        write_rows(&transaction, &batch.rows)?;
        write_links(&transaction, batch)?;
        write_changes(&transaction, batch)?;
        transaction
            .prepare_cached("UPDATE cursors SET time_us = ?1 WHERE source = ?2")?
            .execute(params![batch.cursor, SOURCE])?;
        Ok(transaction.commit()?)
    }

    /// Gives the collections of the stream the ids that batches name them by; [`create`](Self::create) has done so.
    ///
    /// # Errors
    /// When there are collections already.
    pub fn insert_collections(&self) -> anyhow::Result<()> {
        for collection in Collection::ALL {
            self.connection.execute(
                "INSERT INTO collections (id, nsid) VALUES (?1, ?2)",
                params![collection_id(collection), collection.nsid()],
            )?;
        }
        Ok(())
    }
}

fn write_repos(transaction: &Transaction<'_>, batch: &Batch) -> rusqlite::Result<()> {
    let mut insert = transaction.prepare_cached("INSERT INTO repos (id, did) VALUES (?1, ?2)")?;
    for (id, did) in &batch.repos {
        insert.execute(params![id, did])?;
    }
    let mut set = transaction.prepare_cached("UPDATE repos SET status = ?2 WHERE id = ?1")?;
    for (id, status) in &batch.statuses {
        set.execute(params![id, status])?;
    }
    let mut count =
        transaction.prepare_cached("UPDATE collections SET records = records + ?2 WHERE id = ?1")?;
    for (id, more) in &batch.counts {
        count.execute(params![id, more])?;
    }
    Ok(())
}

fn write_rows(transaction: &Transaction<'_>, rows: &[Row]) -> rusqlite::Result<()> {
    let mut insert = transaction.prepare_cached(
        "INSERT INTO record_rows (id, collection_id, repo_id, rkey, rev, cid, record, visible, created_at, indexed_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, jsonb(?7), ?8, ?9, ?9)",
    )?;
    let mut update = transaction.prepare_cached(
        "UPDATE record_rows SET rev = ?2, cid = ?3, record = jsonb(?4), visible = ?5, indexed_at = ?6 WHERE id = ?1",
    )?;
    let mut show = transaction.prepare_cached("UPDATE record_rows SET visible = ?2 WHERE id = ?1")?;
    let mut purge = transaction.prepare_cached("DELETE FROM record_rows WHERE id = ?1")?;
    for Row { id, write } in rows {
        match write {
            Write::Insert { key: (collection, repo, rkey), state } => {
                let record = state.record.as_deref();
                let (cid, json) = (record.map(|record| &record.cid), record.map(|record| &record.json));
                let (rev, visible, at) = (state.rev, state.visible, state.time_us);
                insert.execute(params![id, collection, repo, rkey, rev, cid, json, visible, at])?;
            }
            Write::Update(state) => {
                let record = state.record.as_deref();
                let (cid, json) = (record.map(|record| &record.cid), record.map(|record| &record.json));
                update.execute(params![id, state.rev, cid, json, state.visible, state.time_us])?;
            }
            Write::Show(visible) => {
                show.execute(params![id, visible])?;
            }
            Write::Purge => {
                purge.execute([id])?;
            }
        }
    }
    Ok(())
}

fn write_links(transaction: &Transaction<'_>, batch: &Batch) -> rusqlite::Result<()> {
    let mut delete = transaction.prepare_cached(
        "DELETE FROM backlinks WHERE target = ?1 AND collection_id = ?2 AND source_id = ?3",
    )?;
    for (target, collection, source) in &batch.links_gone {
        delete.execute(params![target, collection, source])?;
    }
    let mut insert = transaction
        .prepare_cached("INSERT INTO backlinks (target, collection_id, source_id) VALUES (?1, ?2, ?3)")?;
    for (target, collection, source) in &batch.links_new {
        insert.execute(params![target, collection, source])?;
    }
    Ok(())
}

fn write_changes(transaction: &Transaction<'_>, batch: &Batch) -> rusqlite::Result<()> {
    let mut insert = transaction.prepare_cached(
        "INSERT INTO changes (at, action, repo_id, collection_id, rkey, rev) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    for change in &batch.changes {
        let (collection, rkey, rev) = match &change.record {
            Some((collection, rkey, rev)) => (Some(collection), Some(rkey), Some(rev)),
            None => (None, None, None),
        };
        insert.execute(params![change.at, change.action, change.repo, collection, rkey, rev])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A limit under other settings would be the limit of something else.
    #[test]
    fn the_settings_are_those_of_the_server() {
        let server = include_str!("../../../crates/store/src/sqlite/open.rs");
        let settings = PRAGMAS.split(';').map(str::trim).filter(|setting| !setting.is_empty());
        let of_the_index = ["page_size", "synchronous", "wal_autocheckpoint"];
        for setting in settings.filter(|setting| !of_the_index.iter().any(|name| setting.contains(name))) {
            assert!(server.contains(setting), "the server does not set {setting}");
        }
        for setting in ["Tier::Index => (\"NORMAL\", 8192)", "Tier::Index => 8000"] {
            assert!(server.contains(setting), "the server's index does not have {setting}");
        }
    }
}
