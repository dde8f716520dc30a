-- Tier: state. What the operator loaded can be had from nowhere else.

CREATE TABLE appview_lexicons (
    id                TEXT   COLLATE "C" PRIMARY KEY, -- NSID; ordered as SQLite orders it
    revision          BIGINT NOT NULL,
    lexicon_json      TEXT   NOT NULL, -- byte for byte as it was given
    lexicon_type      TEXT   NOT NULL, -- record, query, procedure, space, definitions
    backfill          BIGINT NOT NULL,
    target_collection TEXT,
    action            TEXT,            -- create, update, delete; NULL: decided by the call
    token_cost        BIGINT,
    source            TEXT   NOT NULL, -- manual, network
    authority_did     TEXT,            -- network: whose repository it is published in
    authority_rev     BIGINT,          -- network: that repository's revision the text is from or newer, a TID as a number
    last_fetched_at   BIGINT,          -- microseconds; network only
    created_at        BIGINT NOT NULL, -- microseconds
    updated_at        BIGINT NOT NULL, -- microseconds
    version           BIGINT NOT NULL  -- appview_catalogue.version after the last change of this row
);

-- One row. Every change of the lexicons increments it in its own transaction, so that a process that remembers the
-- number knows with one cheap read whether it is up to date.
CREATE TABLE appview_catalogue (
    id      BIGINT PRIMARY KEY CHECK (id = 1),
    version BIGINT NOT NULL
);
INSERT INTO appview_catalogue (id, version) VALUES (1, 0);
