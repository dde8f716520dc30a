-- What pages show of a manifest besides what it is pulled by; one row for each of registry_manifests. Times are microseconds.
CREATE TABLE registry_pushes (
    record_id   INTEGER PRIMARY KEY,
    did         TEXT    NOT NULL,
    repository  TEXT    NOT NULL,
    created_at  INTEGER NOT NULL, -- as its record says, but never later than it was read
    is_about    INTEGER NOT NULL, -- 1: about another manifest, as a signature is
    kind        INTEGER NOT NULL, -- 0 image, 1 index, 2 chart, 3 another artifact
    size        INTEGER NOT NULL, -- of what it names, in bytes
    title       TEXT,
    description TEXT,
    platforms   TEXT    NOT NULL, -- a JSON array of texts
    annotations TEXT    NOT NULL  -- a JSON object of texts
) STRICT;
CREATE INDEX registry_pushes_newest ON registry_pushes (did, repository, is_about, created_at DESC, record_id DESC);

-- One row for each repository that has a manifest or a star: what lists of repositories show.
CREATE TABLE registry_repositories (
    did         TEXT    NOT NULL,
    repository  TEXT    NOT NULL,
    pushed_at   INTEGER,          -- of its newest image; NULL: it has no manifest
    record_id   INTEGER,          -- that image
    title       TEXT,
    description TEXT,
    stars       INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (did, repository)
) STRICT, WITHOUT ROWID;
CREATE INDEX registry_repositories_recent ON registry_repositories (pushed_at DESC, did, repository)
    WHERE pushed_at IS NOT NULL;
CREATE INDEX registry_repositories_starred ON registry_repositories (stars DESC, pushed_at DESC, did, repository)
    WHERE pushed_at IS NOT NULL AND stars > 0;

-- What a repository is found by.
CREATE TABLE registry_words (
    did        TEXT    NOT NULL,
    repository TEXT    NOT NULL,
    word       TEXT    NOT NULL,
    weight     INTEGER NOT NULL,
    PRIMARY KEY (did, repository, word)
) STRICT, WITHOUT ROWID;
CREATE INDEX registry_words_word ON registry_words (word, did, repository, weight);

-- What owners are called, as was last found out.
CREATE TABLE registry_owners (
    did        TEXT    PRIMARY KEY,
    handle     TEXT,             -- in lower case; NULL: none that is theirs
    checked_at INTEGER NOT NULL  -- 0: never
) STRICT, WITHOUT ROWID;
CREATE INDEX registry_owners_handle ON registry_owners (handle) WHERE handle IS NOT NULL;
CREATE INDEX registry_owners_checked ON registry_owners (checked_at);

-- What owners write about repositories.
CREATE TABLE registry_pages (
    record_id   INTEGER PRIMARY KEY,
    did         TEXT    NOT NULL,
    repository  TEXT    NOT NULL,
    rkey        TEXT    NOT NULL,
    description TEXT,             -- Markdown
    excerpt     TEXT,             -- its first paragraph, as plain text
    avatar      TEXT,             -- the CID of a blob of the owner's
    updated_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX registry_pages_repository ON registry_pages (did, repository, record_id);

-- Who likes what.
CREATE TABLE registry_stars (
    record_id  INTEGER PRIMARY KEY,
    did        TEXT    NOT NULL, -- of who gave it
    owner      TEXT    NOT NULL,
    repository TEXT    NOT NULL,
    rkey       TEXT    NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX registry_stars_subject ON registry_stars (owner, repository, did);
CREATE INDEX registry_stars_giver ON registry_stars (did, record_id);
