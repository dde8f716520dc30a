-- HappyView's tables, as far as ingest writes them: the same facts under text keys.

CREATE TABLE records (
    uri        TEXT PRIMARY KEY,
    did        TEXT NOT NULL,
    collection TEXT NOT NULL,
    rkey       TEXT NOT NULL,
    record     TEXT NOT NULL,
    cid        TEXT,
    indexed_at TEXT,
    created_at TEXT NOT NULL
);
CREATE INDEX records_newest ON records (collection, created_at DESC, uri DESC);
CREATE INDEX records_of_repo ON records (did, collection);
CREATE INDEX records_newest_of_repo ON records (collection, did, created_at DESC, uri DESC);
CREATE INDEX records_last_indexed ON records (collection, indexed_at DESC);

CREATE TABLE record_refs (
    source_uri TEXT NOT NULL REFERENCES records (uri) ON DELETE CASCADE,
    target_uri TEXT NOT NULL,
    collection TEXT NOT NULL,
    PRIMARY KEY (source_uri, target_uri)
);
CREATE INDEX record_refs_target ON record_refs (target_uri, collection);

CREATE TABLE event_logs (
    id         TEXT PRIMARY KEY,
    event_type TEXT NOT NULL,
    severity   TEXT NOT NULL,
    actor_did  TEXT,
    subject    TEXT,
    detail     TEXT NOT NULL,
    created_at TEXT NOT NULL
);
CREATE INDEX event_logs_type ON event_logs (event_type);
CREATE INDEX event_logs_severity ON event_logs (severity);
CREATE INDEX event_logs_created ON event_logs (created_at);
