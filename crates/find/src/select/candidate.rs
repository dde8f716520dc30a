//! Records that may be an answer.

use std::collections::HashMap;

use records::Record;
use serde_json::Value;
use store::{Conn, Engine, Row, v};

use super::Selection;
use crate::Error;
use crate::index::{Entry, Order};

/// A visible record and its row.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub(super) id: i64,
    pub(super) record: Record,
    /// The record's JSON.
    pub(super) value: Value,
}

/// What [`Candidate::from_row`] reads, of the rows `r` and `repos`.
pub(super) const COLUMNS: &str = "repos.did, r.rkey, r.cid, json(r.record), r.indexed_at, r.created_at, r.id";

/// The record of a row.
pub(super) fn record(row: &Row<'_>, collection: &str) -> Result<Record, store::Error> {
    Ok(Record {
        uri: ["at://", row.text(0)?, "/", collection, "/", row.text(1)?].concat(),
        cid: row.opt_text(2)?.map(str::to_owned),
        json: row.string(3)?,
        indexed_at: row.int(4)?,
        created_at: row.int(5)?,
    })
}

impl Candidate {
    pub(super) fn from_row(row: &Row<'_>, collection: &str) -> Result<Self, store::Error> {
        let record = record(row, collection)?;
        Ok(Self { id: row.int(6)?, value: serde_json::from_str(&record.json).unwrap_or_default(), record })
    }

    /// Those of these rows that are there, in the order of the ids.
    pub(super) fn fetch(conn: &mut Conn<'_>, collection: &str, ids: &[i64]) -> Result<Vec<Self>, Error> {
        let rows = match conn.engine() {
            Engine::Sqlite => {
                let sql = format!(
                    "SELECT {COLUMNS} FROM json_each($1) e CROSS JOIN record_rows r ON r.id = e.value
                     CROSS JOIN repos ON repos.id = r.repo_id WHERE r.visible = 1"
                );
                let list = Value::from(ids).to_string();
                conn.query(&sql, &[v(&list)], |row| Self::from_row(row, collection))?
            }
            Engine::Postgres => {
                let sql = format!(
                    "SELECT {COLUMNS} FROM record_rows r JOIN repos ON repos.id = r.repo_id
                     WHERE r.visible = 1 AND r.id = ANY($1::bigint[])"
                );
                conn.query(&sql, &[v(ids)], |row| Self::from_row(row, collection))?
            }
        };
        let mut found: HashMap<i64, Self> = rows.into_iter().map(|row| (row.id, row)).collect();
        Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
    }

    /// Whether all that is asked for is true of it.
    pub(super) fn is_answer(&self, selection: &Selection) -> bool {
        self.fulfils(selection) && self.score(selection).is_some()
    }

    /// Whether all conditions hold but those on words.
    pub(super) fn fulfils(&self, selection: &Selection) -> bool {
        selection.did.as_ref().is_none_or(|did| did.as_str() == self.record.did())
            && selection.conditions.iter().all(|condition| condition.holds(&self.value))
    }

    /// How well it matches the words; `None` if it does not.
    pub(super) fn score(&self, selection: &Selection) -> Option<i64> {
        selection.words.as_ref().map_or(Some(0), |words| words.score(&self.value))
    }

    /// Its place in an order.
    pub(super) fn place(&self, order: &Order) -> Vec<u8> {
        let mut place = Vec::with_capacity(64);
        let (did, rkey) = (self.record.did(), self.record.rkey());
        let entry = Entry { id: self.id, did, rkey, created_at: self.record.created_at, record: &self.value };
        order.push(&mut place, &entry);
        place
    }
}
