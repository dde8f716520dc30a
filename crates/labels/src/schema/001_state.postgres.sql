-- See 001_state.sqlite.sql for the comments.

CREATE TABLE labelers (
    did        TEXT COLLATE "C" PRIMARY KEY,
    status     BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
