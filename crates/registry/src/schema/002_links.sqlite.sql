-- Blobs that were sent to a repository or mounted into it, whether or not a manifest names them yet.
CREATE TABLE registry_links (
    owner_did  TEXT    NOT NULL,
    repository TEXT    NOT NULL,
    digest     TEXT    NOT NULL,
    size       INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (owner_did, repository, digest)
) STRICT, WITHOUT ROWID;
CREATE INDEX registry_links_digest ON registry_links (digest);
