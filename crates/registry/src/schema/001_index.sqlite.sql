-- Manifests as records name them. Two records may claim one manifest; each has its row.
CREATE TABLE registry_manifests (
    record_id  INTEGER PRIMARY KEY,
    did        TEXT    NOT NULL,
    repository TEXT    NOT NULL,
    digest     TEXT    NOT NULL,
    rkey       TEXT    NOT NULL,
    media_type TEXT    NOT NULL,
    blob       TEXT,
    size       INTEGER NOT NULL,
    hold       TEXT,
    subject    TEXT
) STRICT;
CREATE INDEX registry_manifests_digest ON registry_manifests (did, repository, digest);
CREATE INDEX registry_manifests_blob ON registry_manifests (did, repository, blob);
CREATE INDEX registry_manifests_subject ON registry_manifests (did, repository, subject, digest) WHERE subject IS NOT NULL;

-- What manifests name: 0 config, 1 layer, 2 manifest.
CREATE TABLE registry_parts (
    record_id  INTEGER NOT NULL,
    position   INTEGER NOT NULL,
    did        TEXT    NOT NULL,
    repository TEXT    NOT NULL,
    kind       INTEGER NOT NULL,
    digest     TEXT    NOT NULL,
    size       INTEGER NOT NULL,
    media_type TEXT    NOT NULL,
    PRIMARY KEY (record_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX registry_parts_digest ON registry_parts (did, repository, digest);

CREATE TABLE registry_tags (
    record_id  INTEGER PRIMARY KEY,
    did        TEXT    NOT NULL,
    repository TEXT    NOT NULL,
    tag        TEXT    NOT NULL,
    digest     TEXT    NOT NULL,
    rkey       TEXT    NOT NULL
) STRICT;
CREATE INDEX registry_tags_tag ON registry_tags (did, repository, tag, digest);
CREATE INDEX registry_tags_digest ON registry_tags (did, repository, digest);

-- Manifests of others that were fetched.
CREATE TABLE registry_bytes (
    digest     TEXT    PRIMARY KEY,
    bytes      BLOB    NOT NULL,
    fetched_at INTEGER NOT NULL
) STRICT;
