-- Tier: state. See 001_jobs.sqlite.sql for the comments.

CREATE TABLE appview_jobs (
    id              TEXT   NOT NULL PRIMARY KEY,
    job_type        TEXT   NOT NULL,
    status          TEXT   NOT NULL,
    input           TEXT   NOT NULL,
    progress        TEXT   NOT NULL,
    result          TEXT,
    error           TEXT,
    created_by      TEXT   NOT NULL,
    inherit_auth    BIGINT NOT NULL,
    idempotency_key TEXT   UNIQUE,
    run_at          BIGINT NOT NULL,
    attempts        BIGINT NOT NULL,
    max_attempts    BIGINT NOT NULL,
    owner           TEXT,
    leased_until    BIGINT,
    epoch           BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    started_at      BIGINT,
    completed_at    BIGINT
);
CREATE INDEX appview_jobs_due ON appview_jobs (status, run_at, id);
CREATE INDEX appview_jobs_of_status ON appview_jobs (status, id);
CREATE INDEX appview_jobs_ended ON appview_jobs (completed_at) WHERE completed_at IS NOT NULL;

CREATE TABLE appview_job_logs (
    job_id     TEXT   NOT NULL REFERENCES appview_jobs (id) ON DELETE CASCADE,
    line       BIGINT NOT NULL,
    level      TEXT   NOT NULL,
    message    TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (job_id, line)
);
