-- Tier: state. What happened, who did it, to what. See 001_event_logs.sqlite.sql for the comments.

CREATE TABLE event_logs (
    id         TEXT   PRIMARY KEY,
    event_type TEXT   NOT NULL,
    severity   TEXT   NOT NULL CHECK (severity IN ('info', 'warn', 'error')),
    actor_did  TEXT,
    subject    TEXT,
    detail     TEXT   NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX event_logs_newest ON event_logs (created_at, id);
CREATE INDEX event_logs_of_type ON event_logs (event_type, created_at, id);
CREATE INDEX event_logs_of_severity ON event_logs (severity, created_at, id);
