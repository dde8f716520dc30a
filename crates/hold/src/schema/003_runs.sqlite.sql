-- Garbage collections, the newest with the greatest number. One that has not ended is under way, as long as it is kept.
CREATE TABLE hold_collections (
    id         INTEGER PRIMARY KEY,
    holder     TEXT NOT NULL,
    actor      TEXT,
    kept_until INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    ended_at   INTEGER,
    blobs      INTEGER NOT NULL DEFAULT 0,
    bytes      INTEGER NOT NULL DEFAULT 0,
    garbage    INTEGER NOT NULL DEFAULT 0,
    freed      INTEGER NOT NULL DEFAULT 0,
    young      INTEGER NOT NULL DEFAULT 0,
    error      TEXT
) STRICT;

-- Who has most is a page of this.
CREATE INDEX hold_usage_bytes ON hold_usage (bytes DESC, owner_did) WHERE blobs > 0;
