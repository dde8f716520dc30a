-- What pages show of a manifest besides what it is pulled by; one row for each of registry_manifests. Times are microseconds.
CREATE TABLE registry_pushes (
    record_id   BIGINT PRIMARY KEY,
    did         TEXT COLLATE "C" NOT NULL,
    repository  TEXT COLLATE "C" NOT NULL,
    created_at  BIGINT NOT NULL, -- as its record says, but never later than it was read
    is_about    BIGINT NOT NULL, -- 1: about another manifest, as a signature is
    kind        BIGINT NOT NULL, -- 0 image, 1 index, 2 chart, 3 another artifact
    size        BIGINT NOT NULL, -- of what it names, in bytes
    title       TEXT COLLATE "C",
    description TEXT COLLATE "C",
    platforms   TEXT COLLATE "C" NOT NULL, -- a JSON array of texts
    annotations TEXT COLLATE "C" NOT NULL  -- a JSON object of texts
);
CREATE INDEX registry_pushes_newest ON registry_pushes (did, repository, is_about, created_at DESC, record_id DESC);

-- One row for each repository that has a manifest or a star: what lists of repositories show.
CREATE TABLE registry_repositories (
    did         TEXT COLLATE "C" NOT NULL,
    repository  TEXT COLLATE "C" NOT NULL,
    pushed_at   BIGINT,          -- of its newest image; NULL: it has no manifest
    record_id   BIGINT,          -- that image
    title       TEXT COLLATE "C",
    description TEXT COLLATE "C",
    stars       BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (did, repository)
);
CREATE INDEX registry_repositories_recent ON registry_repositories (pushed_at DESC, did, repository)
    WHERE pushed_at IS NOT NULL;
CREATE INDEX registry_repositories_starred ON registry_repositories (stars DESC, pushed_at DESC, did, repository)
    WHERE pushed_at IS NOT NULL AND stars > 0;

-- What a repository is found by.
CREATE TABLE registry_words (
    did        TEXT COLLATE "C" NOT NULL,
    repository TEXT COLLATE "C" NOT NULL,
    word       TEXT COLLATE "C" NOT NULL,
    weight     BIGINT NOT NULL,
    PRIMARY KEY (did, repository, word)
);
CREATE INDEX registry_words_word ON registry_words (word, did, repository, weight);

-- What owners are called, as was last found out.
CREATE TABLE registry_owners (
    did        TEXT COLLATE "C" PRIMARY KEY,
    handle     TEXT COLLATE "C",             -- in lower case; NULL: none that is theirs
    checked_at BIGINT NOT NULL  -- 0: never
);
CREATE INDEX registry_owners_handle ON registry_owners (handle) WHERE handle IS NOT NULL;
CREATE INDEX registry_owners_checked ON registry_owners (checked_at);

-- What owners write about repositories.
CREATE TABLE registry_pages (
    record_id   BIGINT PRIMARY KEY,
    did         TEXT COLLATE "C" NOT NULL,
    repository  TEXT COLLATE "C" NOT NULL,
    rkey        TEXT COLLATE "C" NOT NULL,
    description TEXT COLLATE "C",             -- Markdown
    excerpt     TEXT COLLATE "C",             -- its first paragraph, as plain text
    avatar      TEXT COLLATE "C",             -- the CID of a blob of the owner's
    updated_at  BIGINT NOT NULL
);
CREATE INDEX registry_pages_repository ON registry_pages (did, repository, record_id);

-- Who likes what.
CREATE TABLE registry_stars (
    record_id  BIGINT PRIMARY KEY,
    did        TEXT COLLATE "C" NOT NULL, -- of who gave it
    owner      TEXT COLLATE "C" NOT NULL,
    repository TEXT COLLATE "C" NOT NULL,
    rkey       TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX registry_stars_subject ON registry_stars (owner, repository, did);
CREATE INDEX registry_stars_giver ON registry_stars (did, record_id);
