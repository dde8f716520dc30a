-- Tier: index. What follows from comparing the records that are here with the lexicons that are here.

-- How far the records of a collection have been compared with its lexicon. Only of collections whose lexicon asks for it.
CREATE TABLE appview_checks (
    collection  TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    validation  TEXT COLLATE "C" NOT NULL, -- flag, reject
    fingerprint TEXT COLLATE "C" NOT NULL, -- of the lexicon and all that it refers to
    repo_id     BIGINT NOT NULL, -- the last record that was compared
    rkey        TEXT COLLATE "C" NOT NULL,
    done        BIGINT NOT NULL, -- 1: all there were; those that come later are compared as they come
    checked     BIGINT NOT NULL, -- how many records that were
    unresolved  BIGINT NOT NULL, -- how many of them mean a definition that is not here
    started_at  BIGINT NOT NULL  -- microseconds
);

-- Records that are here and are not what their lexicon says.
CREATE TABLE appview_invalid_records (
    collection TEXT COLLATE "C" NOT NULL,
    did        TEXT COLLATE "C" NOT NULL,
    rkey       TEXT COLLATE "C" NOT NULL,
    path       TEXT COLLATE "C" NOT NULL, -- where in the record, a JSON Pointer
    problem    TEXT COLLATE "C" NOT NULL,
    found_at   BIGINT NOT NULL, -- microseconds
    PRIMARY KEY (collection, did, rkey)
);
CREATE INDEX appview_invalid_records_did ON appview_invalid_records (did);

-- One row. Up to which number the change log has been followed, and a number that whoever writes to these tables takes
-- further, so that two instances do not write from different views.
CREATE TABLE appview_check_position (
    id     BIGINT PRIMARY KEY CHECK (id = 1),
    seq    BIGINT NOT NULL,
    writes BIGINT NOT NULL
);
INSERT INTO appview_check_position (id, seq, writes) VALUES (1, 0, 0);
