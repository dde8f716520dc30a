//! HappyView's tables, written by nothing but prepared statements: the limit that its published rate is a
//! known part of.

use std::path::Path;

use anyhow::Context;
use rusqlite::{Connection, Transaction, params};

use crate::synth::{Body, Commit, Event, Operation, Synth, iso_time};

const SCHEMA: &str = include_str!("peer.sql");
/// Settings under which its part of the limit was measured: SQLite's own, but for the journal.
const PRAGMAS: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;";

/// HappyView 2.8.1 reached this part of the limit in 13 runs (0.032 to 0.051).
pub const PEER_SHARE: f64 = 0.04;
/// Events per transaction of the limit.
pub const PEER_BATCH: usize = 1_000;

/// A database with HappyView's schema.
#[derive(Debug)]
pub struct PeerIndex {
    connection: Connection,
}

/// The rows of one event.
#[derive(Debug)]
pub struct PeerRow {
    did: String,
    uri: String,
    time: String,
    log_id: String,
    detail: String,
    commit: Commit,
}

impl PeerRow {
    /// The rows of an event; `None` for what HappyView ignores.
    #[must_use]
    pub fn of(synth: &Synth, event: &Event) -> Option<Self> {
        let Body::Commit(commit) = &event.body else { return None };
        let did = synth.did(event.account).to_owned();
        let nsid = commit.collection.nsid();
        Some(Self {
            uri: format!("at://{did}/{nsid}/{}", commit.rkey),
            time: iso_time(event.time_us / 1_000),
            // As long as a UUID and as scattered.
            log_id: format!("{:08x}-0000-4000-8000-{:012x}", synth.scatter(event.k), event.k),
            detail: format!("{{\"collection\":\"{nsid}\",\"did\":\"{did}\",\"rkey\":\"{}\"}}", commit.rkey),
            commit: commit.clone(),
            did,
        })
    }
}

impl PeerIndex {
    /// A new database file.
    ///
    /// # Errors
    /// When SQLite refuses.
    pub fn create(path: &Path) -> anyhow::Result<Self> {
        let connection = Connection::open(path).with_context(|| format!("opening {}", path.display()))?;
        connection.set_prepared_statement_cache_capacity(64);
        connection.execute_batch(PRAGMAS)?;
        connection.execute_batch(SCHEMA).context("creating the peer's tables")?;
        Ok(Self { connection })
    }

    /// Writes one batch in one transaction.
    ///
    /// # Errors
    /// When SQLite refuses.
    pub fn apply(&mut self, rows: &[PeerRow]) -> anyhow::Result<()> {
        let transaction = self.connection.transaction()?;
        for row in rows {
            match row.commit.operation {
                Operation::Create | Operation::Update => upsert(&transaction, row)?,
                Operation::Delete => {
                    transaction.prepare_cached("DELETE FROM records WHERE uri = ?1")?.execute([&row.uri])?;
                }
            }
            log(&transaction, row)?;
        }
        Ok(transaction.commit()?)
    }
}

fn upsert(transaction: &Transaction<'_>, row: &PeerRow) -> rusqlite::Result<()> {
    let Some(record) = &row.commit.record else { return Ok(()) };
    let nsid = row.commit.collection.nsid();
    transaction
        .prepare_cached(
            "INSERT INTO records (uri, did, collection, rkey, record, cid, indexed_at, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)
             ON CONFLICT (uri) DO UPDATE SET
                 record = excluded.record, cid = excluded.cid, indexed_at = excluded.indexed_at",
        )?
        .execute(params![row.uri, row.did, nsid, row.commit.rkey, record.json, record.cid, row.time])?;
    if row.commit.operation == Operation::Update {
        transaction.prepare_cached("DELETE FROM record_refs WHERE source_uri = ?1")?.execute([&row.uri])?;
    }
    let mut insert = transaction
        .prepare_cached("INSERT INTO record_refs (source_uri, target_uri, collection) VALUES (?1, ?2, ?3)")?;
    for link in &record.links {
        insert.execute(params![row.uri, link, nsid])?;
    }
    Ok(())
}

fn log(transaction: &Transaction<'_>, row: &PeerRow) -> rusqlite::Result<()> {
    let event_type = match row.commit.operation {
        Operation::Create | Operation::Update => "record.created",
        Operation::Delete => "record.deleted",
    };
    transaction
        .prepare_cached(
            "INSERT INTO event_logs (id, event_type, severity, actor_did, subject, detail, created_at)
             VALUES (?1, ?2, 'info', NULL, ?3, ?4, ?5)",
        )?
        .execute(params![row.log_id, event_type, row.uri, row.detail, row.time])?;
    Ok(())
}
