-- Who may do what. Permissions are a JSON list.
CREATE TABLE hold_crew (
    member      TEXT    PRIMARY KEY,
    role        TEXT    NOT NULL,
    permissions TEXT    NOT NULL,
    tier        TEXT,
    added_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Which image needs which blob. An image is a manifest in a repository; its owner is who the room is counted for.
CREATE TABLE hold_layers (
    owner_did  TEXT    NOT NULL,
    repository TEXT    NOT NULL,
    manifest   TEXT    NOT NULL,
    digest     TEXT    NOT NULL,
    size       INTEGER NOT NULL,
    media_type TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (owner_did, repository, manifest, digest)
) STRICT, WITHOUT ROWID;
CREATE INDEX hold_layers_digest ON hold_layers (digest, owner_did);

-- What the distinct blobs of an owner come to.
CREATE TABLE hold_usage (
    owner_did TEXT    PRIMARY KEY,
    blobs     INTEGER NOT NULL,
    bytes     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE hold_stats (
    owner_did  TEXT    NOT NULL,
    repository TEXT    NOT NULL,
    pulls      INTEGER NOT NULL DEFAULT 0,
    pushes     INTEGER NOT NULL DEFAULT 0,
    last_pull  INTEGER,
    last_push  INTEGER,
    PRIMARY KEY (owner_did, repository)
) STRICT, WITHOUT ROWID;
