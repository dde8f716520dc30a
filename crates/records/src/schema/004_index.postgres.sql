-- Tier: index. How far the streams of relays and hosts have been followed. See 004_index.sqlite.sql for the comments.

CREATE TABLE repo_heads (
    repo_id BIGINT PRIMARY KEY REFERENCES repos (id),
    rev     BIGINT NOT NULL,
    data    TEXT COLLATE "C" NOT NULL
);

CREATE TABLE stream_cursors (
    url     TEXT COLLATE "C" PRIMARY KEY,
    seq     BIGINT NOT NULL,
    time_us BIGINT NOT NULL
);
