-- Garbage collections, the newest with the greatest number. One that has not ended is under way, as long as it is kept.
CREATE TABLE hold_collections (
    id         BIGINT PRIMARY KEY,
    holder     TEXT COLLATE "C" NOT NULL,
    actor      TEXT COLLATE "C",
    kept_until BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    ended_at   BIGINT,
    blobs      BIGINT NOT NULL DEFAULT 0,
    bytes      BIGINT NOT NULL DEFAULT 0,
    garbage    BIGINT NOT NULL DEFAULT 0,
    freed      BIGINT NOT NULL DEFAULT 0,
    young      BIGINT NOT NULL DEFAULT 0,
    error      TEXT
);

-- Who has most is a page of this.
CREATE INDEX hold_usage_bytes ON hold_usage (bytes DESC, owner_did) WHERE blobs > 0;
