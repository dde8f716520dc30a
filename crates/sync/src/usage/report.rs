//! Taking a report in. Clients report figures of each reply under one key: their sums are kept.

use std::collections::BTreeMap;

use serde_json::Value;
use store::v;

use crate::Error;
use crate::id::new_id;
use crate::limits::{MAX_REPORTS, count};
use crate::sessions::require;
use crate::updates::Tx;
use crate::wire::{Label, millis};

/// Kinds of figures of one report, and how long the name of one may be in bytes.
const MAX_KINDS: usize = 64;
const MAX_KIND: usize = 128;

/// Figures by kind. There is a `total`.
pub(crate) type Figures = BTreeMap<String, f64>;

/// The numbers in an object; what else is in it says nothing. Nothing without a `total`.
pub(crate) fn figures(said: &Value) -> Option<Figures> {
    let said = said.as_object()?.iter();
    let figures: Figures = said.filter_map(|(kind, figure)| Some((kind.clone(), figure.as_f64()?))).collect();
    figures.contains_key("total").then_some(figures)
}

#[derive(Clone, Debug)]
pub(crate) struct Report {
    pub(crate) key: Label,
    pub(crate) session_id: Option<Label>,
    pub(crate) tokens: Figures,
    pub(crate) cost: Figures,
}

/// A report as it is kept; times in milliseconds.
pub(crate) struct Saved {
    pub(crate) id: String,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

/// Adds to what was reported under the same key.
pub(crate) fn save(tx: &mut Tx<'_, '_>, account: &str, report: &Report) -> Result<Saved, Error> {
    let session = report.session_id.as_deref().unwrap_or_default();
    if !session.is_empty() {
        require(tx.conn, account, session)?;
    }
    let kept = tx.conn.query_opt(
        "SELECT tokens, cost FROM sync_usage_reports WHERE account_id = $1 AND session_id = $2 AND key = $3",
        &[v(account), v(session), v(&*report.key)],
        |row| Ok::<_, Error>((row.string(0)?, row.string(1)?)),
    )?;
    if kept.is_none() {
        let reports = "SELECT COUNT(*) FROM sync_usage_reports WHERE account_id = $1";
        if count(tx.conn, reports, account)? >= MAX_REPORTS {
            return Err(Error::Full("usage reports"));
        }
    }
    let (tokens, cost) = kept.unwrap_or_default();
    let (tokens, cost) = (sum(&tokens, &report.tokens)?, sum(&cost, &report.cost)?);
    tx.conn.query_one(
        "INSERT INTO sync_usage_reports (id, account_id, session_id, key, tokens, cost, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
         ON CONFLICT (account_id, session_id, key)
         DO UPDATE SET tokens = excluded.tokens, cost = excluded.cost, updated_at = excluded.updated_at
         RETURNING id, created_at, updated_at",
        &[v(&new_id()), v(account), v(session), v(&*report.key), v(&tokens), v(&cost), v(tx.now)],
        |row| {
            let (created_at, updated_at) = (millis(row.int(1)?), millis(row.int(2)?));
            Ok(Saved { id: row.string(0)?, created_at, updated_at })
        },
    )
}

/// The sums, as JSON.
fn sum(kept: &str, new: &Figures) -> Result<String, Error> {
    let mut sums: Figures = serde_json::from_str(kept).unwrap_or_default();
    for (kind, figure) in new {
        *sums.entry(kind.clone()).or_default() += figure;
    }
    if sums.len() > MAX_KINDS || sums.keys().any(|kind| kind.len() > MAX_KIND || kind.contains('\0')) {
        return Err(Error::Invalid("Too many kinds of figures"));
    }
    serde_json::to_string(&sums).map_err(|error| Error::Encoding(error.into()))
}
