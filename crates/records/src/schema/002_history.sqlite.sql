-- Tier: index. What is known of the past, and what vouches for it.

-- Microseconds; when the status was last heard or asked. What was heard later counts.
ALTER TABLE repos ADD COLUMN status_at INTEGER NOT NULL DEFAULT 0;

-- Microseconds of the stream: since when the collection is followed without interruption; NULL while it is not.
ALTER TABLE collections ADD COLUMN followed_since INTEGER;

-- Whose history is here: one row per repository and collection that was ever asked for.
CREATE TABLE coverage (
    repo_id       INTEGER NOT NULL REFERENCES repos (id),
    collection_id INTEGER NOT NULL REFERENCES collections (id),
    state         INTEGER NOT NULL, -- 0 pending, 1 fetching, 2 complete, 3 retrying, 4 failed, 5 quarantined
    rev           INTEGER,          -- complete as of this revision
    proven        INTEGER NOT NULL, -- 1: the author's signature was checked
    since         INTEGER NOT NULL, -- microseconds; when the host was asked, or the state changed
    attempts      INTEGER NOT NULL, -- that failed in a row
    next_try_at   INTEGER,          -- microseconds
    error         TEXT,
    PRIMARY KEY (repo_id, collection_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX coverage_due ON coverage (next_try_at) WHERE next_try_at IS NOT NULL;
CREATE INDEX coverage_unfinished ON coverage (state) WHERE state > 2;

-- Accounts of whom nothing is here and who went away: what is still on its way from their host must not bring them back.
CREATE TABLE departures (
    did    TEXT    PRIMARY KEY,
    status INTEGER NOT NULL, -- as in repos
    at     INTEGER NOT NULL  -- microseconds
) STRICT;
CREATE INDEX departures_at ON departures (at);

-- Made with the database, lost with it: tells a new index from the one that something else remembers.
CREATE TABLE index_identity (
    id TEXT PRIMARY KEY
) STRICT;
INSERT INTO index_identity (id) VALUES (lower(hex(randomblob(16))));
