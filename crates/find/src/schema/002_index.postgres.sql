-- Tier: index. Indexes that queries ask for. See 002_index.sqlite.sql for the comments.

CREATE TABLE query_indexes (
    id          BIGINT PRIMARY KEY,
    collection  TEXT   NOT NULL,
    spec        TEXT   NOT NULL,
    wanted      BIGINT NOT NULL,
    built       BIGINT NOT NULL,
    last        BIGINT NOT NULL,
    taken       BIGINT NOT NULL,
    made_at     BIGINT NOT NULL,
    ready_at    BIGINT,
    holder      TEXT,
    next_try_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX query_indexes_wanted ON query_indexes (collection, spec) WHERE wanted = 1;

CREATE TABLE query_entries (
    index_id  BIGINT NOT NULL,
    key       BYTEA  NOT NULL,
    record_id BIGINT NOT NULL,
    words     TSVECTOR, -- of an index of words; SQLite keeps those in full-text tables of their own
    PRIMARY KEY (index_id, key)
);
CREATE INDEX query_entries_words ON query_entries USING gin (words) WHERE words IS NOT NULL;
