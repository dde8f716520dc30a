-- Tier: state. What operators wrote can be had from nowhere else.

CREATE TABLE appview_scripts (
    id          TEXT    NOT NULL PRIMARY KEY, -- the trigger
    script_type TEXT    NOT NULL,             -- lua
    body        TEXT    NOT NULL,
    description TEXT,
    outbound    TEXT    NOT NULL,             -- JSON array: NSIDs that it calls
    revision    INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,             -- microseconds
    updated_at  INTEGER NOT NULL,             -- microseconds
    version     INTEGER NOT NULL              -- appview_script_catalogue.version after the last change of this row
) STRICT;

CREATE TABLE appview_script_variables (
    key        TEXT    NOT NULL PRIMARY KEY,
    sealed     BLOB    NOT NULL,
    created_at INTEGER NOT NULL, -- microseconds
    updated_at INTEGER NOT NULL  -- microseconds
) STRICT;

-- One row. Every change of scripts and variables increments it in its own transaction, so that a process that remembers
-- the number knows with one cheap read whether it is up to date.
CREATE TABLE appview_script_catalogue (
    id      INTEGER PRIMARY KEY CHECK (id = 1),
    version INTEGER NOT NULL
) STRICT;
INSERT INTO appview_script_catalogue (id, version) VALUES (1, 0);

-- Events whose script failed and is to be tried again. Written before the event itself is, so that no crash loses one.
CREATE TABLE appview_parked_events (
    event_id   TEXT    NOT NULL PRIMARY KEY, -- at://did/collection/rkey and the revision: an event that is offered again is parked once
    script_ref TEXT    NOT NULL,
    payload    TEXT    NOT NULL,             -- JSON
    error      TEXT    NOT NULL,
    attempts   INTEGER NOT NULL,
    next_at    INTEGER NOT NULL              -- microseconds
) STRICT;
CREATE INDEX appview_parked_events_next ON appview_parked_events (next_at);

-- Events whose script failed for good.
CREATE TABLE appview_dead_letters (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    event_id    TEXT    NOT NULL UNIQUE,
    script_ref  TEXT    NOT NULL,
    host_kind   TEXT    NOT NULL, -- record, label
    host_id     TEXT    NOT NULL, -- record: NSID:action; label: the labeler's DID
    collection  TEXT,
    payload     TEXT    NOT NULL, -- JSON
    error       TEXT    NOT NULL,
    attempts    INTEGER NOT NULL,
    created_at  INTEGER NOT NULL, -- microseconds
    resolved_at INTEGER           -- microseconds
) STRICT;
CREATE INDEX appview_dead_letters_open ON appview_dead_letters (id) WHERE resolved_at IS NULL;
