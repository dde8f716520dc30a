-- Tier: index. Everything here can be had again from the labelers.

-- One row per labeler that was ever followed.
CREATE TABLE label_sources (
    -- Never given out twice: whoever still writes for a source that was removed must not meet another one.
    id    INTEGER PRIMARY KEY AUTOINCREMENT,
    did   TEXT    UNIQUE,             -- NULL: removed, its labels are on their way out
    seq   INTEGER,                    -- the last message of its stream that is in `label_rows`; NULL: none yet
    epoch INTEGER NOT NULL DEFAULT 0  -- grows when the labeler is paused or removed: transactions under way fail
) STRICT;

-- One row per source, subject and value. A negation leaves its row for a while: it remembers when, so that an older
-- label that is still on its way does not undo it.
CREATE TABLE label_rows (
    id        INTEGER PRIMARY KEY,
    source_id INTEGER NOT NULL,
    uri       TEXT    NOT NULL, -- an AT URI or a DID
    val       TEXT    NOT NULL,
    neg       INTEGER NOT NULL, -- 1: taken back
    cid       TEXT,             -- of the version it is about; NULL: all
    cts       TEXT    NOT NULL, -- as the labeler wrote it
    cts_us    INTEGER NOT NULL, -- the same in microseconds
    exp       TEXT,
    exp_us    INTEGER,
    stored_at INTEGER NOT NULL, -- microseconds
    UNIQUE (uri, source_id, val)
) STRICT;
CREATE INDEX label_rows_source ON label_rows (source_id);
CREATE INDEX label_rows_expiry ON label_rows (exp_us) WHERE exp_us IS NOT NULL;
CREATE INDEX label_rows_negated ON label_rows (stored_at) WHERE neg = 1;

-- What SQL users see.
CREATE VIEW labels AS
SELECT s.did AS src, l.uri AS uri, l.val AS val, l.cts AS cts, l.exp AS exp
FROM label_rows l
JOIN label_sources s ON s.id = l.source_id
WHERE l.neg = 0 AND s.did IS NOT NULL
  AND (l.exp_us IS NULL OR l.exp_us > CAST(unixepoch('subsec') * 1000000 AS INTEGER));
