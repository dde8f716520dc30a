-- Tier: state. See 001_state.sqlite.sql for the comments.

CREATE TABLE backfill_jobs (
    id              TEXT   PRIMARY KEY,
    collections     TEXT   NOT NULL,
    dids            TEXT,
    mode            TEXT   NOT NULL,
    verified        BIGINT NOT NULL,
    cause           TEXT   NOT NULL,
    gap_id          BIGINT,
    created_by      TEXT,
    status          TEXT   NOT NULL,
    stage           TEXT   NOT NULL,
    error           TEXT,
    index_id        TEXT,
    total_repos     BIGINT NOT NULL DEFAULT 0,
    resolved_repos  BIGINT NOT NULL DEFAULT 0,
    processed_repos BIGINT NOT NULL DEFAULT 0,
    failed_repos    BIGINT NOT NULL DEFAULT 0,
    total_records   BIGINT NOT NULL DEFAULT 0,
    created_at      BIGINT NOT NULL,
    started_at      BIGINT,
    completed_at    BIGINT
);
CREATE INDEX backfill_jobs_open ON backfill_jobs (status);
