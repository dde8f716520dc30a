-- Manifests as records name them. Two records may claim one manifest; each has its row.
CREATE TABLE registry_manifests (
    record_id  BIGINT PRIMARY KEY,
    did        TEXT COLLATE "C" NOT NULL,
    repository TEXT COLLATE "C" NOT NULL,
    digest     TEXT COLLATE "C" NOT NULL,
    rkey       TEXT COLLATE "C" NOT NULL,
    media_type TEXT COLLATE "C" NOT NULL,
    blob       TEXT,
    size       BIGINT NOT NULL,
    hold       TEXT,
    subject    TEXT COLLATE "C"
);
CREATE INDEX registry_manifests_digest ON registry_manifests (did, repository, digest);
CREATE INDEX registry_manifests_blob ON registry_manifests (did, repository, blob);
CREATE INDEX registry_manifests_subject ON registry_manifests (did, repository, subject, digest) WHERE subject IS NOT NULL;

-- What manifests name: 0 config, 1 layer, 2 manifest.
CREATE TABLE registry_parts (
    record_id  BIGINT NOT NULL,
    position   BIGINT NOT NULL,
    did        TEXT COLLATE "C" NOT NULL,
    repository TEXT COLLATE "C" NOT NULL,
    kind       BIGINT NOT NULL,
    digest     TEXT COLLATE "C" NOT NULL,
    size       BIGINT NOT NULL,
    media_type TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (record_id, position)
);
CREATE INDEX registry_parts_digest ON registry_parts (did, repository, digest);

CREATE TABLE registry_tags (
    record_id  BIGINT PRIMARY KEY,
    did        TEXT COLLATE "C" NOT NULL,
    repository TEXT COLLATE "C" NOT NULL,
    tag        TEXT COLLATE "C" NOT NULL,
    digest     TEXT COLLATE "C" NOT NULL,
    rkey       TEXT COLLATE "C" NOT NULL
);
CREATE INDEX registry_tags_tag ON registry_tags (did, repository, tag, digest);
CREATE INDEX registry_tags_digest ON registry_tags (did, repository, digest);

-- Manifests of others that were fetched.
CREATE TABLE registry_bytes (
    digest     TEXT COLLATE "C" PRIMARY KEY,
    bytes      BYTEA    NOT NULL,
    fetched_at BIGINT NOT NULL
);
