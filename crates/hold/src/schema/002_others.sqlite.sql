-- What others can read of the hold follows from its rows: which of them it does not follow yet.
ALTER TABLE hold_crew ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE hold_crew ADD COLUMN published INTEGER NOT NULL DEFAULT 0;
CREATE INDEX hold_crew_unpublished ON hold_crew (member) WHERE published < version;

ALTER TABLE hold_layers ADD COLUMN published INTEGER NOT NULL DEFAULT 0;
CREATE INDEX hold_layers_unpublished ON hold_layers (created_at) WHERE published = 0;

ALTER TABLE hold_stats ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE hold_stats ADD COLUMN published INTEGER NOT NULL DEFAULT 0;
ALTER TABLE hold_stats ADD COLUMN published_at INTEGER NOT NULL DEFAULT 0;
CREATE INDEX hold_stats_unpublished ON hold_stats (published_at) WHERE published < version;

-- Records of rows that are gone.
CREATE TABLE hold_gone (
    collection TEXT    NOT NULL,
    rkey       TEXT    NOT NULL,
    gone_at    INTEGER NOT NULL,
    PRIMARY KEY (collection, rkey)
) STRICT, WITHOUT ROWID;

-- Blobs that come in parts. Each part is a blob of its own until all of them are one; one that was here before stays.
CREATE TABLE hold_uploads (
    id         TEXT    PRIMARY KEY,
    owner_did  TEXT    NOT NULL,
    digest     TEXT,
    touched_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX hold_uploads_owner ON hold_uploads (owner_did);
CREATE INDEX hold_uploads_touched ON hold_uploads (touched_at);

CREATE TABLE hold_parts (
    upload     TEXT    NOT NULL REFERENCES hold_uploads (id) ON DELETE CASCADE,
    number     INTEGER NOT NULL,
    digest     TEXT    NOT NULL,
    size       INTEGER NOT NULL,
    was_here   INTEGER NOT NULL,
    sent_at    INTEGER NOT NULL,
    PRIMARY KEY (upload, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX hold_parts_digest ON hold_parts (digest);
