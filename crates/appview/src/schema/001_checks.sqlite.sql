-- Tier: index. What follows from comparing the records that are here with the lexicons that are here.

-- How far the records of a collection have been compared with its lexicon. Only of collections whose lexicon asks for it.
CREATE TABLE appview_checks (
    collection  TEXT    NOT NULL PRIMARY KEY,
    validation  TEXT    NOT NULL, -- flag, reject
    fingerprint TEXT    NOT NULL, -- of the lexicon and all that it refers to
    repo_id     INTEGER NOT NULL, -- the last record that was compared
    rkey        TEXT    NOT NULL,
    done        INTEGER NOT NULL, -- 1: all there were; those that come later are compared as they come
    checked     INTEGER NOT NULL, -- how many records that were
    unresolved  INTEGER NOT NULL, -- how many of them mean a definition that is not here
    started_at  INTEGER NOT NULL  -- microseconds
) STRICT, WITHOUT ROWID;

-- Records that are here and are not what their lexicon says.
CREATE TABLE appview_invalid_records (
    collection TEXT    NOT NULL,
    did        TEXT    NOT NULL,
    rkey       TEXT    NOT NULL,
    path       TEXT    NOT NULL, -- where in the record, a JSON Pointer
    problem    TEXT    NOT NULL,
    found_at   INTEGER NOT NULL, -- microseconds
    PRIMARY KEY (collection, did, rkey)
) STRICT, WITHOUT ROWID;
CREATE INDEX appview_invalid_records_did ON appview_invalid_records (did);

-- One row. Up to which number the change log has been followed, and a number that whoever writes to these tables takes
-- further, so that two instances do not write from different views.
CREATE TABLE appview_check_position (
    id     INTEGER PRIMARY KEY CHECK (id = 1),
    seq    INTEGER NOT NULL,
    writes INTEGER NOT NULL
) STRICT;
INSERT INTO appview_check_position (id, seq, writes) VALUES (1, 0, 0);
