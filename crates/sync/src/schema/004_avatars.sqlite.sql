-- The pictures that people show, one each: the only files that anybody may read. What is shown of one beside its bytes is in the
-- account's row.
CREATE TABLE sync_avatars (
    account_id TEXT    PRIMARY KEY REFERENCES sync_accounts (id) ON DELETE CASCADE,
    path       TEXT    NOT NULL, -- below /files, never used again for other bytes
    source     TEXT,             -- the URL it was fetched from
    content    BLOB,             -- NULL where it is in the bucket
    object     TEXT    UNIQUE,   -- its name in the bucket
    created_at INTEGER NOT NULL,
    CHECK ((content IS NULL) <> (object IS NULL))
) STRICT;
