-- Tier: state. What was decided here about records of others; a rebuilt index obeys it again.

CREATE TABLE local_decisions (
    uri        TEXT    PRIMARY KEY, -- the record's AT URI
    decision   TEXT    NOT NULL,    -- deleted
    rev        INTEGER NOT NULL,    -- holds for this revision and older ones; a later edit by its author counts again
    decided_at INTEGER NOT NULL,    -- microseconds
    decided_by TEXT    NOT NULL     -- the user or key that decided
) STRICT;
