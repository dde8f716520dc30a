-- Tier: index. What is known of the past, and what vouches for it. See 002_history.sqlite.sql for the comments.

ALTER TABLE repos ADD COLUMN status_at BIGINT NOT NULL DEFAULT 0;

ALTER TABLE collections ADD COLUMN followed_since BIGINT;

CREATE TABLE coverage (
    repo_id       BIGINT NOT NULL REFERENCES repos (id),
    collection_id BIGINT NOT NULL REFERENCES collections (id),
    state         BIGINT NOT NULL,
    rev           BIGINT,
    proven        BIGINT NOT NULL,
    since         BIGINT NOT NULL,
    attempts      BIGINT NOT NULL,
    next_try_at   BIGINT,
    error         TEXT,
    PRIMARY KEY (repo_id, collection_id)
);
CREATE INDEX coverage_due ON coverage (next_try_at) WHERE next_try_at IS NOT NULL;
CREATE INDEX coverage_unfinished ON coverage (state) WHERE state > 2;

CREATE TABLE departures (
    did    TEXT   PRIMARY KEY,
    status BIGINT NOT NULL,
    at     BIGINT NOT NULL
);
CREATE INDEX departures_at ON departures (at);

CREATE TABLE index_identity (
    id TEXT PRIMARY KEY
);
INSERT INTO index_identity (id) VALUES (replace(CAST(gen_random_uuid() AS TEXT), '-', ''));
