-- Who may do what. Permissions are a JSON list.
CREATE TABLE hold_crew (
    member      TEXT COLLATE "C" PRIMARY KEY,
    role        TEXT COLLATE "C" NOT NULL,
    permissions TEXT COLLATE "C" NOT NULL,
    tier        TEXT,
    added_at    BIGINT NOT NULL
);

-- Which image needs which blob. An image is a manifest in a repository; its owner is who the room is counted for.
CREATE TABLE hold_layers (
    owner_did  TEXT COLLATE "C" NOT NULL,
    repository TEXT COLLATE "C" NOT NULL,
    manifest   TEXT COLLATE "C" NOT NULL,
    digest     TEXT COLLATE "C" NOT NULL,
    size       BIGINT NOT NULL,
    media_type TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (owner_did, repository, manifest, digest)
);
CREATE INDEX hold_layers_digest ON hold_layers (digest, owner_did);

-- What the distinct blobs of an owner come to.
CREATE TABLE hold_usage (
    owner_did TEXT COLLATE "C" PRIMARY KEY,
    blobs     BIGINT NOT NULL,
    bytes     BIGINT NOT NULL
);

CREATE TABLE hold_stats (
    owner_did  TEXT COLLATE "C" NOT NULL,
    repository TEXT COLLATE "C" NOT NULL,
    pulls      BIGINT NOT NULL DEFAULT 0,
    pushes     BIGINT NOT NULL DEFAULT 0,
    last_pull  BIGINT,
    last_push  BIGINT,
    PRIMARY KEY (owner_did, repository)
);
