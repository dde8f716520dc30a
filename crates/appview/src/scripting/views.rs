//! What scripts may read of the record index, the lexicons and the jobs in their own SQL, under the names of spec/appview.md §2
//! and with its columns.

use scriptdb::{ScriptDbConfig, View};
use store::{Location, Tier};

const RECORDS_SQLITE: &str = r#"
    SELECT 'at://' || repos.did || '/' || collections.nsid || '/' || r.rkey AS uri, repos.did AS did,
           collections.nsid AS collection, r.rkey AS rkey, json(r.record) AS record, r.cid AS cid,
           strftime('%Y-%m-%dT%H:%M:%fZ', r.indexed_at / 1000000.0, 'unixepoch') AS indexed_at,
           strftime('%Y-%m-%dT%H:%M:%fZ', r.created_at / 1000000.0, 'unixepoch') AS created_at
    FROM "index".record_rows r
    JOIN "index".repos repos ON repos.id = r.repo_id
    JOIN "index".collections collections ON collections.id = r.collection_id
    WHERE r.visible = 1"#;

const RECORDS_POSTGRES: &str = r#"
    SELECT 'at://' || repos.did || '/' || collections.nsid || '/' || r.rkey AS uri, repos.did AS did,
           collections.nsid AS collection, r.rkey AS rkey, r.record AS record, r.cid AS cid,
           to_char(to_timestamp(r.indexed_at / 1000000.0) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS indexed_at,
           to_char(to_timestamp(r.created_at / 1000000.0) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS created_at
    FROM "index".record_rows r
    JOIN "index".repos repos ON repos.id = r.repo_id
    JOIN "index".collections collections ON collections.id = r.collection_id
    WHERE r.visible = 1"#;

const REFS: &str = r#"
    SELECT 'at://' || repos.did || '/' || collections.nsid || '/' || r.rkey AS source_uri, b.target AS target_uri,
           collections.nsid AS collection
    FROM "index".backlinks b
    JOIN "index".record_rows r ON r.id = b.source_id
    JOIN "index".repos repos ON repos.id = r.repo_id
    JOIN "index".collections collections ON collections.id = r.collection_id
    WHERE r.visible = 1"#;

const LABELS_SQLITE: &str = r#"
    SELECT s.did AS src, l.uri AS uri, l.val AS val, l.cts AS cts, l.exp AS exp
    FROM "index".label_rows l JOIN "index".label_sources s ON s.id = l.source_id
    WHERE l.neg = 0 AND s.did IS NOT NULL
      AND (l.exp_us IS NULL OR l.exp_us > CAST(unixepoch('subsec') * 1000000 AS INTEGER))"#;

const LABELS_POSTGRES: &str = r#"
    SELECT s.did AS src, l.uri AS uri, l.val AS val, l.cts AS cts, l.exp AS exp
    FROM "index".label_rows l JOIN "index".label_sources s ON s.id = l.source_id
    WHERE l.neg = 0 AND s.did IS NOT NULL
      AND (l.exp_us IS NULL OR l.exp_us > CAST(extract(epoch FROM now()) * 1000000 AS BIGINT))"#;

const LEXICONS_SQLITE: &str = r#"
    SELECT l.id AS id, l.revision AS revision, l.lexicon_json AS lexicon_json, l.lexicon_type AS lexicon_type,
           l.backfill AS backfill, l.target_collection AS target_collection, l.action AS action,
           l.token_cost AS token_cost, l.source AS source, l.authority_did AS authority_did,
           strftime('%Y-%m-%dT%H:%M:%fZ', l.last_fetched_at / 1000000.0, 'unixepoch') AS last_fetched_at,
           strftime('%Y-%m-%dT%H:%M:%fZ', l.created_at / 1000000.0, 'unixepoch') AS created_at,
           strftime('%Y-%m-%dT%H:%M:%fZ', l.updated_at / 1000000.0, 'unixepoch') AS updated_at
    FROM "state".appview_lexicons l"#;

const LEXICONS_POSTGRES: &str = r#"
    SELECT l.id AS id, l.revision AS revision, CAST(l.lexicon_json AS json) AS lexicon_json,
           l.lexicon_type AS lexicon_type, l.backfill = 1 AS backfill, l.target_collection AS target_collection,
           l.action AS action, l.token_cost AS token_cost, l.source AS source, l.authority_did AS authority_did,
           to_char(to_timestamp(l.last_fetched_at / 1000000.0) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS last_fetched_at,
           to_char(to_timestamp(l.created_at / 1000000.0) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS created_at,
           to_char(to_timestamp(l.updated_at / 1000000.0) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS updated_at
    FROM "state".appview_lexicons l"#;

const JOBS_SQLITE: &str = r#"
    SELECT j.id AS id, j.job_type AS job_type, j.status AS status, j.input AS input, j.progress AS progress,
           j.result AS result, j.error AS error, j.created_by AS created_by, j.inherit_auth AS inherit_auth,
           strftime('%Y-%m-%dT%H:%M:%fZ', j.started_at / 1000000.0, 'unixepoch') AS started_at,
           strftime('%Y-%m-%dT%H:%M:%fZ', j.completed_at / 1000000.0, 'unixepoch') AS completed_at,
           strftime('%Y-%m-%dT%H:%M:%fZ', j.created_at / 1000000.0, 'unixepoch') AS created_at
    FROM "state".appview_jobs j"#;

const JOBS_POSTGRES: &str = r#"
    SELECT j.id AS id, j.job_type AS job_type, j.status AS status, CAST(j.input AS json) AS input,
           CAST(j.progress AS json) AS progress, CAST(j.result AS json) AS result, j.error AS error,
           j.created_by AS created_by, j.inherit_auth = 1 AS inherit_auth,
           to_char(to_timestamp(j.started_at / 1000000.0) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS started_at,
           to_char(to_timestamp(j.completed_at / 1000000.0) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS completed_at,
           to_char(to_timestamp(j.created_at / 1000000.0) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS created_at
    FROM "state".appview_jobs j"#;

/// Each under its name of today and under the one it had before version 2.10 of the reference.
static VIEWS: [View; 10] = [
    view("happyview_records", RECORDS_SQLITE, RECORDS_POSTGRES),
    view("records", RECORDS_SQLITE, RECORDS_POSTGRES),
    view("happyview_record_refs", REFS, REFS),
    view("record_refs", REFS, REFS),
    view("happyview_labels", LABELS_SQLITE, LABELS_POSTGRES),
    view("labels", LABELS_SQLITE, LABELS_POSTGRES),
    View { tier: Tier::State, ..view("happyview_lexicons", LEXICONS_SQLITE, LEXICONS_POSTGRES) },
    View { tier: Tier::State, ..view("lexicons", LEXICONS_SQLITE, LEXICONS_POSTGRES) },
    View { tier: Tier::State, ..view("happyview_jobs", JOBS_SQLITE, JOBS_POSTGRES) },
    View { tier: Tier::State, ..view("jobs", JOBS_SQLITE, JOBS_POSTGRES) },
];

/// The scripts' database beside the store's.
#[must_use]
pub fn scripts_database(location: Location) -> ScriptDbConfig {
    ScriptDbConfig::new(location, &VIEWS)
}

const fn view(name: &'static str, sqlite: &'static str, postgres: &'static str) -> View {
    View { name, tier: Tier::Index, sqlite, postgres }
}
