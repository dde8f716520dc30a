CREATE TABLE labelers (
    did        TEXT    PRIMARY KEY,
    status     INTEGER NOT NULL, -- 0 active, 1 paused
    created_at INTEGER NOT NULL, -- microseconds
    updated_at INTEGER NOT NULL  -- microseconds
) STRICT, WITHOUT ROWID;
