-- Tier: index. Indexes that queries ask for. All of it follows from lexicons and records.

CREATE TABLE query_indexes (
    id          INTEGER PRIMARY KEY, -- names the index
    collection  TEXT    NOT NULL,    -- NSID
    spec        TEXT    NOT NULL,    -- what is in it, as JSON
    wanted      INTEGER NOT NULL,    -- 1: a lexicon asks for it; 0: it is being removed
    built       INTEGER NOT NULL,    -- record_rows up to this id are in it; the greatest integer: all, and those to come
    last        INTEGER NOT NULL,    -- the greatest id of record_rows when it was last added to
    taken       INTEGER NOT NULL,    -- records that were taken in while it was built
    made_at     INTEGER NOT NULL,    -- microseconds
    ready_at    INTEGER,             -- microseconds
    holder      TEXT,                -- who is building it
    next_try_at INTEGER NOT NULL     -- microseconds; until then the holder has it to itself
) STRICT;
CREATE UNIQUE INDEX query_indexes_wanted ON query_indexes (collection, spec) WHERE wanted = 1;

CREATE TABLE query_entries (
    index_id  INTEGER NOT NULL,
    key       BLOB    NOT NULL, -- in the order of its bytes
    record_id INTEGER NOT NULL, -- record_rows.id
    PRIMARY KEY (index_id, key)
) STRICT, WITHOUT ROWID;
