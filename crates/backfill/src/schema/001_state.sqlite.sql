-- Tier: state. What somebody asked for, and how it ended.

CREATE TABLE backfill_jobs (
    id             TEXT    PRIMARY KEY, -- UUIDv7: newer ones are greater
    collections    TEXT    NOT NULL,    -- JSON list of NSIDs; empty: every indexed one
    dids           TEXT,                -- JSON list of DIDs; NULL: the whole network
    mode           TEXT    NOT NULL,    -- auto, pages, export or blocks
    verified       INTEGER NOT NULL,    -- 1: only what the author's signature covers
    cause          TEXT    NOT NULL,    -- manual, lexicon, gap or rebuild
    gap_id         INTEGER,             -- the newest gap that it repairs
    created_by     TEXT,
    status         TEXT    NOT NULL,
    stage          TEXT    NOT NULL,
    error          TEXT,
    index_id       TEXT,                -- the index that its progress is in
    total_repos    INTEGER NOT NULL DEFAULT 0,
    resolved_repos INTEGER NOT NULL DEFAULT 0,
    processed_repos INTEGER NOT NULL DEFAULT 0,
    failed_repos   INTEGER NOT NULL DEFAULT 0,
    total_records  INTEGER NOT NULL DEFAULT 0,
    created_at     INTEGER NOT NULL,    -- microseconds
    started_at     INTEGER,
    completed_at   INTEGER
) STRICT;
CREATE INDEX backfill_jobs_open ON backfill_jobs (status);
