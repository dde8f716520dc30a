//! What scripts may read of the record index in their own SQL, under the names of spec/appview.md §2.
//!
//! Nothing of the durable tier is among them: on SQLite its file is not even attached.

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

/// Each under its name of today and under the one it had before version 2.10 of the reference.
static VIEWS: [View; 6] = [
    view("happyview_records", RECORDS_SQLITE, RECORDS_POSTGRES),
    view("records", RECORDS_SQLITE, RECORDS_POSTGRES),
    view("happyview_record_refs", REFS, REFS),
    view("record_refs", REFS, REFS),
    view("happyview_labels", LABELS_SQLITE, LABELS_POSTGRES),
    view("labels", LABELS_SQLITE, LABELS_POSTGRES),
];

/// The scripts' database beside the store's.
#[must_use]
pub fn scripts_database(location: Location) -> ScriptDbConfig {
    ScriptDbConfig::new(location, &VIEWS)
}

const fn view(name: &'static str, sqlite: &'static str, postgres: &'static str) -> View {
    View { name, tier: Tier::Index, sqlite, postgres }
}
