-- Tier: index. See 001_index.sqlite.sql for the comments.

CREATE TABLE backfill_discoveries (
    job_id     TEXT   NOT NULL,
    collection TEXT   NOT NULL,
    cursor     TEXT,
    done       BIGINT NOT NULL,
    PRIMARY KEY (job_id, collection)
);

CREATE TABLE backfill_repos (
    job_id   TEXT   NOT NULL,
    did      TEXT   COLLATE "C" NOT NULL,
    state    BIGINT NOT NULL,
    host     TEXT,
    position TEXT,
    records  BIGINT NOT NULL,
    error    TEXT,
    PRIMARY KEY (job_id, did)
);
CREATE INDEX backfill_repos_todo ON backfill_repos (job_id, state, host, did);
