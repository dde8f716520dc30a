-- Tier: state. What operators wrote can be had from nowhere else.

CREATE TABLE appview_scripts (
    id          TEXT   COLLATE "C" PRIMARY KEY, -- the trigger
    script_type TEXT    NOT NULL,             -- lua
    body        TEXT    NOT NULL,
    description TEXT,
    outbound    TEXT    NOT NULL,             -- JSON array: NSIDs that it calls
    revision    BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,             -- microseconds
    updated_at  BIGINT NOT NULL,             -- microseconds
    version     BIGINT NOT NULL              -- appview_script_catalogue.version after the last change of this row
);

CREATE TABLE appview_script_variables (
    key        TEXT   COLLATE "C" PRIMARY KEY,
    sealed      BYTEA   NOT NULL,
    created_at BIGINT NOT NULL, -- microseconds
    updated_at BIGINT NOT NULL  -- microseconds
);

-- One row. Every change of scripts and variables increments it in its own transaction, so that a process that remembers
-- the number knows with one cheap read whether it is up to date.
CREATE TABLE appview_script_catalogue (
    id      BIGINT PRIMARY KEY CHECK (id = 1),
    version BIGINT NOT NULL
);
INSERT INTO appview_script_catalogue (id, version) VALUES (1, 0);

-- Events whose script failed and is to be tried again. Written before the event itself is, so that no crash loses one.
CREATE TABLE appview_parked_events (
    event_id   TEXT    NOT NULL PRIMARY KEY, -- at://did/collection/rkey and the revision: an event that is offered again is parked once
    script_ref TEXT    NOT NULL,
    payload    TEXT    NOT NULL,             -- JSON
    error      TEXT    NOT NULL,
    attempts   BIGINT NOT NULL,
    next_at    BIGINT NOT NULL              -- microseconds
);
CREATE INDEX appview_parked_events_next ON appview_parked_events (next_at);

-- Events whose script failed for good.
CREATE TABLE appview_dead_letters (
    id          BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id    TEXT    NOT NULL UNIQUE,
    script_ref  TEXT    NOT NULL,
    host_kind   TEXT    NOT NULL, -- record, label
    host_id     TEXT    NOT NULL, -- record: NSID:action; label: the labeler's DID
    collection  TEXT,
    payload     TEXT    NOT NULL, -- JSON
    error       TEXT    NOT NULL,
    attempts    BIGINT NOT NULL,
    created_at  BIGINT NOT NULL, -- microseconds
    resolved_at BIGINT           -- microseconds
);
CREATE INDEX appview_dead_letters_open ON appview_dead_letters (id) WHERE resolved_at IS NULL;
