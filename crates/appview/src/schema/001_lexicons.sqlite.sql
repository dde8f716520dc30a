-- Tier: state. What the operator loaded can be had from nowhere else.

CREATE TABLE appview_lexicons (
    id                TEXT    NOT NULL PRIMARY KEY, -- NSID
    revision          INTEGER NOT NULL,
    lexicon_json      TEXT    NOT NULL,    -- byte for byte as it was given
    lexicon_type      TEXT    NOT NULL,    -- record, query, procedure, space, definitions
    backfill          INTEGER NOT NULL,
    target_collection TEXT,
    action            TEXT,                -- create, update, delete; NULL: decided by the call
    token_cost        INTEGER,
    source            TEXT    NOT NULL,    -- manual, network
    authority_did     TEXT,                -- network: whose repository it is published in
    authority_rev     INTEGER,             -- network: that repository's revision the text is from or newer, a TID as a number
    last_fetched_at   INTEGER,             -- microseconds; network only
    created_at        INTEGER NOT NULL,    -- microseconds
    updated_at        INTEGER NOT NULL,    -- microseconds
    version           INTEGER NOT NULL     -- appview_catalogue.version after the last change of this row
) STRICT;

-- One row. Every change of the lexicons increments it in its own transaction, so that a process that remembers the
-- number knows with one cheap read whether it is up to date.
CREATE TABLE appview_catalogue (
    id      INTEGER PRIMARY KEY CHECK (id = 1),
    version INTEGER NOT NULL
) STRICT;
INSERT INTO appview_catalogue (id, version) VALUES (1, 0);
