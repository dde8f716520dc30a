-- What others can read of the hold follows from its rows: which of them it does not follow yet.
ALTER TABLE hold_crew ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE hold_crew ADD COLUMN published BIGINT NOT NULL DEFAULT 0;
CREATE INDEX hold_crew_unpublished ON hold_crew (member) WHERE published < version;

ALTER TABLE hold_layers ADD COLUMN published BIGINT NOT NULL DEFAULT 0;
CREATE INDEX hold_layers_unpublished ON hold_layers (created_at) WHERE published = 0;

ALTER TABLE hold_stats ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE hold_stats ADD COLUMN published BIGINT NOT NULL DEFAULT 0;
ALTER TABLE hold_stats ADD COLUMN published_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX hold_stats_unpublished ON hold_stats (published_at) WHERE published < version;

-- Records of rows that are gone.
CREATE TABLE hold_gone (
    collection TEXT COLLATE "C" NOT NULL,
    rkey       TEXT COLLATE "C" NOT NULL,
    gone_at    BIGINT NOT NULL,
    PRIMARY KEY (collection, rkey)
);

-- Blobs that come in parts. Each part is a blob of its own until all of them are one; one that was here before stays.
CREATE TABLE hold_uploads (
    id         TEXT COLLATE "C" PRIMARY KEY,
    owner_did  TEXT COLLATE "C" NOT NULL,
    digest     TEXT,
    touched_at BIGINT NOT NULL
);
CREATE INDEX hold_uploads_owner ON hold_uploads (owner_did);
CREATE INDEX hold_uploads_touched ON hold_uploads (touched_at);

CREATE TABLE hold_parts (
    upload     TEXT COLLATE "C" NOT NULL REFERENCES hold_uploads (id) ON DELETE CASCADE,
    number     BIGINT NOT NULL,
    digest     TEXT COLLATE "C" NOT NULL,
    size       BIGINT NOT NULL,
    was_here   BIGINT NOT NULL,
    sent_at    BIGINT NOT NULL,
    PRIMARY KEY (upload, number)
);
CREATE INDEX hold_parts_digest ON hold_parts (digest);
