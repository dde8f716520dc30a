-- Tier: state. What a bucket cannot say of the blobs in it, and of those on their way.

CREATE TABLE blob_uploads (
    id         TEXT    PRIMARY KEY,
    algorithm  TEXT    NOT NULL,
    multipart  TEXT,                       -- what the bucket calls it, once a part was sent
    parts      INTEGER NOT NULL DEFAULT 0, -- in the bucket, and what they have together:
    sent       INTEGER NOT NULL DEFAULT 0, -- bytes
    tail       INTEGER NOT NULL DEFAULT 0, -- bytes behind them, in an object of their own,
    tail_name  TEXT    NOT NULL DEFAULT '', -- which is called so
    active     INTEGER NOT NULL,           -- microseconds: when bytes came
    holder     TEXT,                       -- the request that is at it
    held_until INTEGER NOT NULL DEFAULT 0  -- microseconds: if nobody says anything until then, it has died
) STRICT, WITHOUT ROWID;
CREATE INDEX blob_uploads_idle ON blob_uploads (active);

CREATE TABLE blob_parts (
    upload TEXT    NOT NULL,
    number INTEGER NOT NULL, -- from 0
    etag   TEXT    NOT NULL, -- what the bucket calls its content
    PRIMARY KEY (upload, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE blob_touches (
    digest        TEXT    PRIMARY KEY,
    touched       INTEGER NOT NULL,          -- microseconds: when it was sent, or said to be referred to
    remover       TEXT,                      -- who is removing it
    removed_until INTEGER NOT NULL DEFAULT 0 -- microseconds: who has not removed it until then does not
) STRICT, WITHOUT ROWID;
