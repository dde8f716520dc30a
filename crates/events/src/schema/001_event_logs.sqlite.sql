-- Tier: state. What happened, who did it, to what.

CREATE TABLE event_logs (
    id         TEXT    PRIMARY KEY, -- UUIDv7
    event_type TEXT    NOT NULL,    -- category.action
    severity   TEXT    NOT NULL CHECK (severity IN ('info', 'warn', 'error')),
    actor_did  TEXT,                -- NULL: the server itself, or the command line
    subject    TEXT,
    detail     TEXT    NOT NULL,    -- a JSON object
    created_at INTEGER NOT NULL     -- microseconds
) STRICT;
CREATE INDEX event_logs_newest ON event_logs (created_at, id);
CREATE INDEX event_logs_of_type ON event_logs (event_type, created_at, id);
CREATE INDEX event_logs_of_severity ON event_logs (severity, created_at, id);
