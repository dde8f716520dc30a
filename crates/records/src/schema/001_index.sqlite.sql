-- Tier: index. Everything here can be fetched again from the network.

CREATE TABLE repos (
    id     INTEGER PRIMARY KEY,
    did    TEXT    NOT NULL UNIQUE,
    -- 0 active, 1 deactivated, 2 takendown, 3 suspended, 4 deleted, 5 desynchronized, 6 throttled, 7 other
    status INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE collections (
    id   INTEGER PRIMARY KEY,
    nsid TEXT    NOT NULL UNIQUE,
    -- Visible records, kept by the transaction that changes them.
    records INTEGER NOT NULL DEFAULT 0
) STRICT;

-- One row per AT URI ever seen. A deleted record leaves its row with `record` NULL: a tombstone that
-- remembers the revision of the deletion until no older copy can arrive any more.
CREATE TABLE record_rows (
    id            INTEGER PRIMARY KEY,
    collection_id INTEGER NOT NULL REFERENCES collections (id),
    repo_id       INTEGER NOT NULL REFERENCES repos (id),
    rkey          TEXT    NOT NULL,
    rev           INTEGER NOT NULL, -- the commit's TID as a number: greater is newer
    cid           TEXT,             -- of the record as its author signed it
    record        BLOB,             -- JSONB
    visible       INTEGER NOT NULL, -- 1: present, and its repo is active
    created_at    INTEGER NOT NULL, -- microseconds; when it was first seen here
    indexed_at    INTEGER NOT NULL, -- microseconds; when it last changed here
    UNIQUE (collection_id, repo_id, rkey)
) STRICT;
CREATE INDEX record_rows_newest ON record_rows (collection_id, created_at) WHERE visible = 1;
CREATE INDEX record_rows_newest_of_repo ON record_rows (collection_id, repo_id, created_at) WHERE visible = 1;
CREATE INDEX record_rows_tombstones ON record_rows (indexed_at) WHERE record IS NULL;

-- Every string of a record that begins with at://, once per record.
CREATE TABLE backlinks (
    target        TEXT    NOT NULL,
    collection_id INTEGER NOT NULL, -- of the source
    source_id     INTEGER NOT NULL, -- record_rows.id
    PRIMARY KEY (target, collection_id, source_id)
) STRICT, WITHOUT ROWID;

-- The log: one row per effect, in commit order, pruned by age.
CREATE TABLE changes (
    seq           INTEGER PRIMARY KEY,
    at            INTEGER NOT NULL, -- microseconds
    action        INTEGER NOT NULL, -- 1 create, 2 update, 3 delete, 4 account status
    repo_id       INTEGER NOT NULL,
    collection_id INTEGER,
    rkey          TEXT,
    rev           INTEGER
) STRICT;

-- How far each source has been applied, and which instance may say so.
CREATE TABLE cursors (
    source        TEXT PRIMARY KEY,
    time_us       INTEGER,
    -- 1: an event has this very time, so a source that is asked for it sends it again, or has a gap
    at_event      INTEGER NOT NULL DEFAULT 0,
    epoch         INTEGER NOT NULL DEFAULT 0, -- +1 whenever the lease changes hands
    holder        TEXT,
    lease_expires INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Stretches of a source that were never seen.
CREATE TABLE gaps (
    id          INTEGER PRIMARY KEY,
    source      TEXT    NOT NULL,
    from_us     INTEGER NOT NULL,
    to_us       INTEGER NOT NULL,
    reason      TEXT    NOT NULL,
    found_at    INTEGER NOT NULL,
    repaired_at INTEGER
) STRICT;

CREATE VIEW records AS
SELECT 'at://' || repos.did || '/' || collections.nsid || '/' || r.rkey AS uri,
       repos.did AS did,
       collections.nsid AS collection,
       r.rkey AS rkey,
       json(r.record) AS record,
       r.cid AS cid,
       strftime('%Y-%m-%dT%H:%M:%fZ', r.indexed_at / 1000000.0, 'unixepoch') AS indexed_at,
       strftime('%Y-%m-%dT%H:%M:%fZ', r.created_at / 1000000.0, 'unixepoch') AS created_at
FROM record_rows r
JOIN repos ON repos.id = r.repo_id
JOIN collections ON collections.id = r.collection_id
WHERE r.visible = 1;

CREATE VIEW record_refs AS
SELECT 'at://' || repos.did || '/' || collections.nsid || '/' || r.rkey AS source_uri,
       b.target AS target_uri,
       collections.nsid AS collection
FROM backlinks b
JOIN record_rows r ON r.id = b.source_id
JOIN repos ON repos.id = r.repo_id
JOIN collections ON collections.id = r.collection_id
WHERE r.visible = 1;
