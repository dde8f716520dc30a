-- Blobs that were sent to a repository or mounted into it, whether or not a manifest names them yet.
CREATE TABLE registry_links (
    owner_did  TEXT COLLATE "C" NOT NULL,
    repository TEXT COLLATE "C" NOT NULL,
    digest     TEXT COLLATE "C" NOT NULL,
    size       BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (owner_did, repository, digest)
);
CREATE INDEX registry_links_digest ON registry_links (digest);
