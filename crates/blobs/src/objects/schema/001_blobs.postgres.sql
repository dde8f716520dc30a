-- Tier: state. What a bucket cannot say of the blobs in it. See 001_blobs.sqlite.sql for the comments.

CREATE TABLE blob_uploads (
    id         TEXT   PRIMARY KEY,
    algorithm  TEXT   NOT NULL,
    multipart  TEXT,
    parts      BIGINT NOT NULL DEFAULT 0,
    sent       BIGINT NOT NULL DEFAULT 0,
    tail       BIGINT NOT NULL DEFAULT 0,
    tail_name  TEXT   NOT NULL DEFAULT '',
    active     BIGINT NOT NULL,
    holder     TEXT,
    held_until BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX blob_uploads_idle ON blob_uploads (active);

CREATE TABLE blob_parts (
    upload TEXT   NOT NULL,
    number BIGINT NOT NULL,
    etag   TEXT   NOT NULL,
    PRIMARY KEY (upload, number)
);

CREATE TABLE blob_touches (
    digest        TEXT   COLLATE "C" PRIMARY KEY,
    touched       BIGINT NOT NULL,
    remover       TEXT,
    removed_until BIGINT NOT NULL DEFAULT 0
);
