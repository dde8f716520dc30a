-- Tier: state. What was asked for, how far it is, and how it ended.

CREATE TABLE appview_jobs (
    id              TEXT    NOT NULL PRIMARY KEY, -- UUIDv7: newer ones are greater
    job_type        TEXT    NOT NULL,
    status          TEXT    NOT NULL,
    input           TEXT    NOT NULL,             -- JSON
    progress        TEXT    NOT NULL,             -- JSON
    result          TEXT,                         -- JSON: what its last run returned
    error           TEXT,                         -- why its last run failed
    created_by      TEXT    NOT NULL,             -- a DID
    inherit_auth    INTEGER NOT NULL,
    idempotency_key TEXT    UNIQUE,
    run_at          INTEGER NOT NULL,             -- microseconds; it waits until then
    attempts        INTEGER NOT NULL,             -- runs that failed
    max_attempts    INTEGER NOT NULL,
    owner           TEXT,                         -- the instance that runs it
    leased_until    INTEGER,                      -- microseconds; then its owner is taken for dead
    epoch           INTEGER NOT NULL,             -- grows whenever the job changes hands
    created_at      INTEGER NOT NULL,             -- microseconds
    started_at      INTEGER,
    completed_at    INTEGER
) STRICT;
CREATE INDEX appview_jobs_due ON appview_jobs (status, run_at, id);
CREATE INDEX appview_jobs_of_status ON appview_jobs (status, id);
CREATE INDEX appview_jobs_ended ON appview_jobs (completed_at) WHERE completed_at IS NOT NULL;

CREATE TABLE appview_job_logs (
    job_id     TEXT    NOT NULL REFERENCES appview_jobs (id) ON DELETE CASCADE,
    line       INTEGER NOT NULL, -- counted from 1 within the job; old ones go first
    level      TEXT    NOT NULL, -- info, warn or error
    message    TEXT    NOT NULL,
    created_at INTEGER NOT NULL, -- microseconds
    PRIMARY KEY (job_id, line)
) STRICT, WITHOUT ROWID;
