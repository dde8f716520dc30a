//! Writing one lexicon, whoever it came from.

use atproto::Nsid;
use readthrough::Policy;
use store::{Conn, v};

use super::{Action, Source, Validation, catalogue_version};
use crate::Error;
use crate::timestamp::now_micros;

/// Everything a row is made of except what counts by itself.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) id: Nsid,
    pub(super) json: String,
    pub(super) kind: String,
    pub(super) backfill: bool,
    pub(super) target_collection: Option<String>,
    pub(super) action: Option<Action>,
    pub(super) token_cost: Option<i64>,
    pub(super) read_through: Option<Policy>,
    pub(super) validation: Validation,
    pub(super) source: Source,
    pub(super) authority_did: Option<String>,
    pub(super) authority_rev: Option<i64>,
}

const SQL: &str = "
INSERT INTO appview_lexicons (id, revision, lexicon_json, lexicon_type, backfill, target_collection, action, token_cost,
                              source, authority_did, authority_rev, last_fetched_at, created_at, updated_at, version,
                              read_through, validation)
VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12, $13, $14, $15)
ON CONFLICT (id) DO UPDATE SET
    revision = appview_lexicons.revision + 1,
    lexicon_json = excluded.lexicon_json,
    lexicon_type = excluded.lexicon_type,
    backfill = excluded.backfill,
    target_collection = excluded.target_collection,
    action = excluded.action,
    token_cost = excluded.token_cost,
    source = excluded.source,
    authority_did = excluded.authority_did,
    authority_rev = excluded.authority_rev,
    last_fetched_at = excluded.last_fetched_at,
    updated_at = excluded.updated_at,
    version = excluded.version,
    read_through = excluded.read_through,
    validation = excluded.validation
RETURNING revision";

/// Adds or replaces a lexicon; its revision. The caller has the lock.
pub(super) fn upsert(conn: &mut Conn<'_>, row: &Row) -> Result<i64, Error> {
    let version = catalogue_version::next(conn)?;
    let now = now_micros();
    let fetched_at = (row.source == Source::Network).then_some(now);
    let revision = conn.query_one(
        SQL,
        &[
            v(row.id.as_str()),
            v(&row.json),
            v(&row.kind),
            v(row.backfill),
            v(row.target_collection.as_deref()),
            v(row.action.map(Action::as_str)),
            v(row.token_cost),
            v(row.source.as_str()),
            v(row.authority_did.as_deref()),
            v(row.authority_rev),
            v(fetched_at),
            v(now),
            v(version),
            v(row.read_through.map(Policy::as_str)),
            v(row.validation.kept()),
        ],
        |row| Ok::<_, Error>(row.int(0)?),
    )?;
    catalogue_version::check_bounds(conn)?;
    Ok(revision)
}
