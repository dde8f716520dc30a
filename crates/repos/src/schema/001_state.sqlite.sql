-- Tier: state. Repositories that are at home here. Times are microseconds; CIDs are text.

CREATE TABLE repos_repositories (
    id              INTEGER PRIMARY KEY,
    did             TEXT    NOT NULL UNIQUE,
    handle          TEXT    UNIQUE,
    signing_key     TEXT    NOT NULL, -- the public half, as a multikey
    signing_key_enc BLOB    NOT NULL, -- the scalar, sealed
    services        TEXT    NOT NULL, -- JSON: of the DID document, besides the PDS
    status          INTEGER NOT NULL CHECK (status IN (0, 1)), -- served, deactivated
    rev             INTEGER NOT NULL,
    root            TEXT    NOT NULL, -- of the tree of records
    commit_cid      TEXT    NOT NULL,
    commit_block    BLOB    NOT NULL,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL
) STRICT;

CREATE TABLE repos_records (
    repo_id    INTEGER NOT NULL REFERENCES repos_repositories (id) ON DELETE CASCADE,
    collection TEXT    NOT NULL,
    rkey       TEXT    NOT NULL,
    cid        TEXT    NOT NULL,
    json       TEXT    NOT NULL,
    rev        INTEGER NOT NULL, -- of the commit that it came with
    PRIMARY KEY (repo_id, collection, rkey)
) STRICT, WITHOUT ROWID;

-- The nodes of the tree as of the last commit.
CREATE TABLE repos_blocks (
    repo_id INTEGER NOT NULL REFERENCES repos_repositories (id) ON DELETE CASCADE,
    cid     TEXT    NOT NULL,
    block   BLOB    NOT NULL,
    PRIMARY KEY (repo_id, cid)
) STRICT, WITHOUT ROWID;

CREATE TABLE repos_blobs (
    repo_id    INTEGER NOT NULL REFERENCES repos_repositories (id) ON DELETE CASCADE,
    cid        TEXT    NOT NULL,
    mime       TEXT    NOT NULL,
    size       INTEGER NOT NULL,
    bytes      BLOB    NOT NULL,
    touched_at INTEGER NOT NULL, -- when it was last uploaded
    PRIMARY KEY (repo_id, cid)
) STRICT;
CREATE INDEX repos_blobs_age ON repos_blobs (touched_at);

-- Which records have which blobs.
CREATE TABLE repos_blob_refs (
    repo_id    INTEGER NOT NULL REFERENCES repos_repositories (id) ON DELETE CASCADE,
    collection TEXT    NOT NULL,
    rkey       TEXT    NOT NULL,
    cid        TEXT    NOT NULL,
    PRIMARY KEY (repo_id, collection, rkey, cid)
) STRICT, WITHOUT ROWID;
CREATE INDEX repos_blob_refs_blob ON repos_blob_refs (repo_id, cid);

-- What subscribers are told, in order and without gaps. Bounded in age and number.
CREATE TABLE repos_events (
    seq        INTEGER PRIMARY KEY,
    did        TEXT    NOT NULL,
    kind       INTEGER NOT NULL, -- 0 commit, 1 sync, 2 identity, 3 account
    rev        INTEGER NOT NULL,
    paths      TEXT    NOT NULL, -- of a commit: collection/rkey, one a line
    frame      BLOB    NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX repos_events_age ON repos_events (created_at);

-- One row. Every writer locks it first.
CREATE TABLE repos_sequence (
    id        INTEGER PRIMARY KEY CHECK (id = 1),
    seq       INTEGER NOT NULL, -- of the newest event
    directory INTEGER NOT NULL  -- changes with any identity
) STRICT;
INSERT INTO repos_sequence (id, seq, directory) VALUES (1, 0, 0);

-- Who signs in here with a handle and a password.
CREATE TABLE repos_accounts (
    repo_id       INTEGER PRIMARY KEY REFERENCES repos_repositories (id) ON DELETE CASCADE,
    password_hash TEXT    NOT NULL, -- argon2id, as a PHC string
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL
) STRICT;
