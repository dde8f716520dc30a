-- Tier: state. A relay's data: it can read none of what is marked opaque (spec/sync.md §8.2). Times are microseconds.

CREATE TABLE sync_accounts (
    id               TEXT    PRIMARY KEY,
    public_key       TEXT    NOT NULL UNIQUE, -- Ed25519, upper-case hex
    username         TEXT    UNIQUE,
    first_name       TEXT,
    last_name        TEXT,
    avatar           TEXT,                    -- JSON: width, height, thumbhash, path
    github_id        TEXT    UNIQUE,          -- of the GitHub user it is connected to
    github_profile   TEXT,                    -- JSON, as GitHub gave it
    settings         TEXT,                    -- opaque
    settings_version INTEGER NOT NULL DEFAULT 0,
    feed_seq         INTEGER NOT NULL DEFAULT 0,
    imported         INTEGER NOT NULL DEFAULT 0 CHECK (imported IN (0, 1)), -- it came from a Happy server
    created_at       INTEGER NOT NULL,
    updated_at       INTEGER NOT NULL
) STRICT;

-- Of its own, so that what is written with every update is small and touches nothing else.
CREATE TABLE sync_account_seqs (
    account_id TEXT    PRIMARY KEY REFERENCES sync_accounts (id) ON DELETE CASCADE,
    seq        INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The log of what sockets are told, in the order of the account's counter. Bounded in age and number.
CREATE TABLE sync_updates (
    account_id    TEXT    NOT NULL REFERENCES sync_accounts (id) ON DELETE CASCADE,
    seq           INTEGER NOT NULL,
    audience      INTEGER NOT NULL, -- 0 user-scoped, 1 those and the session's, 2 those and the machine's
    target        TEXT,             -- the session or machine
    except_socket TEXT,             -- the socket that said it
    message_seq   INTEGER,          -- a message of the session, which has its own row; then there is no body
    body          TEXT,             -- JSON
    created_at    INTEGER NOT NULL,
    PRIMARY KEY (account_id, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX sync_updates_age ON sync_updates (created_at);

CREATE TABLE sync_tokens (
    id           TEXT    PRIMARY KEY,
    account_id   TEXT    NOT NULL REFERENCES sync_accounts (id) ON DELETE CASCADE,
    hash         TEXT    NOT NULL, -- SHA-256 of the whole token, hex; the token itself is nowhere
    origin       TEXT    NOT NULL, -- login, terminal, device
    client       TEXT,             -- what the client called itself
    created_at   INTEGER NOT NULL,
    last_used_at INTEGER NOT NULL
) STRICT;
CREATE INDEX sync_tokens_account ON sync_tokens (account_id, created_at);

CREATE TABLE sync_pairings (
    kind        TEXT    NOT NULL, -- terminal, device
    public_key  TEXT    NOT NULL, -- X25519, upper-case hex
    supports_v2 INTEGER NOT NULL,
    response    TEXT,             -- opaque
    account_id  TEXT    REFERENCES sync_accounts (id) ON DELETE CASCADE,
    created_at  INTEGER NOT NULL,
    PRIMARY KEY (kind, public_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX sync_pairings_age ON sync_pairings (created_at);
CREATE INDEX sync_pairings_account ON sync_pairings (account_id);

CREATE TABLE sync_sessions (
    id                  TEXT    PRIMARY KEY, -- sorts by time of creation
    account_id          TEXT    NOT NULL REFERENCES sync_accounts (id) ON DELETE CASCADE,
    tag                 TEXT    NOT NULL,
    seq                 INTEGER NOT NULL DEFAULT 0, -- of its newest message
    metadata            TEXT    NOT NULL,           -- opaque
    metadata_version    INTEGER NOT NULL DEFAULT 0,
    agent_state         TEXT,                       -- opaque
    agent_state_version INTEGER NOT NULL DEFAULT 0,
    data_key            BLOB,                       -- opaque
    active              INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
    active_at           INTEGER NOT NULL,
    created_at          INTEGER NOT NULL,
    updated_at          INTEGER NOT NULL,
    UNIQUE (account_id, tag)
) STRICT;
CREATE INDEX sync_sessions_updated ON sync_sessions (account_id, updated_at DESC);
CREATE INDEX sync_sessions_newest ON sync_sessions (account_id, id DESC);
CREATE INDEX sync_sessions_active ON sync_sessions (active_at) WHERE active = 1;

CREATE TABLE sync_messages (
    session_id TEXT    NOT NULL REFERENCES sync_sessions (id) ON DELETE CASCADE,
    seq        INTEGER NOT NULL, -- without gaps, in the order of commits
    id         TEXT    NOT NULL,
    local_id   TEXT,
    content    TEXT    NOT NULL, -- opaque
    created_at INTEGER NOT NULL,
    PRIMARY KEY (session_id, seq)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX sync_messages_local ON sync_messages (session_id, local_id) WHERE local_id IS NOT NULL;

CREATE TABLE sync_machines (
    id                   TEXT    PRIMARY KEY, -- the client's choice, unique among all accounts
    account_id           TEXT    NOT NULL REFERENCES sync_accounts (id) ON DELETE CASCADE,
    metadata             TEXT    NOT NULL, -- opaque
    metadata_version     INTEGER NOT NULL,
    daemon_state         TEXT,             -- opaque
    daemon_state_version INTEGER NOT NULL,
    data_key             BLOB,             -- opaque
    active               INTEGER NOT NULL DEFAULT 0 CHECK (active IN (0, 1)),
    active_at            INTEGER NOT NULL,
    created_at           INTEGER NOT NULL,
    updated_at           INTEGER NOT NULL
) STRICT;
CREATE INDEX sync_machines_account ON sync_machines (account_id, active_at DESC);
CREATE INDEX sync_machines_active ON sync_machines (active_at) WHERE active = 1;

CREATE TABLE sync_artifacts (
    id             TEXT    PRIMARY KEY, -- the client's choice, unique among all accounts
    account_id     TEXT    NOT NULL REFERENCES sync_accounts (id) ON DELETE CASCADE,
    header         BLOB    NOT NULL, -- opaque
    header_version INTEGER NOT NULL DEFAULT 1,
    body           BLOB    NOT NULL, -- opaque
    body_version   INTEGER NOT NULL DEFAULT 1,
    data_key       BLOB    NOT NULL, -- opaque
    seq            INTEGER NOT NULL DEFAULT 0,
    created_at     INTEGER NOT NULL,
    updated_at     INTEGER NOT NULL
) STRICT;
CREATE INDEX sync_artifacts_updated ON sync_artifacts (account_id, updated_at DESC);

CREATE TABLE sync_access_keys (
    session_id TEXT    NOT NULL REFERENCES sync_sessions (id) ON DELETE CASCADE,
    machine_id TEXT    NOT NULL REFERENCES sync_machines (id) ON DELETE CASCADE,
    account_id TEXT    NOT NULL REFERENCES sync_accounts (id) ON DELETE CASCADE,
    data       TEXT    NOT NULL, -- opaque
    version    INTEGER NOT NULL DEFAULT 1,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (session_id, machine_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX sync_access_keys_machine ON sync_access_keys (machine_id);
CREATE INDEX sync_access_keys_account ON sync_access_keys (account_id);

CREATE TABLE sync_values (
    account_id TEXT    NOT NULL REFERENCES sync_accounts (id) ON DELETE CASCADE,
    key        TEXT    NOT NULL,
    value      BLOB,             -- opaque; NULL: deleted, the version stays
    version    INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (account_id, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE sync_usage_reports (
    id         TEXT    PRIMARY KEY,
    account_id TEXT    NOT NULL REFERENCES sync_accounts (id) ON DELETE CASCADE,
    session_id TEXT    NOT NULL, -- empty: of no session
    key        TEXT    NOT NULL,
    tokens     TEXT    NOT NULL, -- JSON: sums by kind
    cost       TEXT    NOT NULL, -- JSON: sums by kind
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (account_id, session_id, key)
) STRICT;

CREATE TABLE sync_push_tokens (
    id         TEXT    NOT NULL UNIQUE,
    account_id TEXT    NOT NULL REFERENCES sync_accounts (id) ON DELETE CASCADE,
    token      TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (account_id, token)
) STRICT, WITHOUT ROWID;

CREATE TABLE sync_vendor_tokens (
    account_id TEXT    NOT NULL REFERENCES sync_accounts (id) ON DELETE CASCADE,
    vendor     TEXT    NOT NULL, -- openai, anthropic, gemini, github
    token      BLOB    NOT NULL, -- sealed
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (account_id, vendor)
) STRICT, WITHOUT ROWID;

CREATE TABLE sync_relationships (
    from_account  TEXT    NOT NULL REFERENCES sync_accounts (id) ON DELETE CASCADE,
    to_account    TEXT    NOT NULL REFERENCES sync_accounts (id) ON DELETE CASCADE,
    status        TEXT    NOT NULL CHECK (status IN ('none', 'requested', 'pending', 'friend', 'rejected')),
    notified_at   INTEGER,
    updated_at    INTEGER NOT NULL,
    PRIMARY KEY (from_account, to_account)
) STRICT, WITHOUT ROWID;
CREATE INDEX sync_relationships_to ON sync_relationships (to_account);

CREATE TABLE sync_feed_items (
    account_id TEXT    NOT NULL REFERENCES sync_accounts (id) ON DELETE CASCADE,
    counter    INTEGER NOT NULL,
    id         TEXT    NOT NULL,
    repeat_key TEXT,
    body       TEXT    NOT NULL, -- JSON
    created_at INTEGER NOT NULL,
    PRIMARY KEY (account_id, counter)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX sync_feed_items_repeat ON sync_feed_items (account_id, repeat_key) WHERE repeat_key IS NOT NULL;

-- In the database, because they are few, small and gone with their session; or in a bucket, where there is one.
CREATE TABLE sync_attachments (
    session_id TEXT    NOT NULL REFERENCES sync_sessions (id) ON DELETE CASCADE,
    name       TEXT    NOT NULL,
    account_id TEXT    NOT NULL REFERENCES sync_accounts (id) ON DELETE CASCADE,
    size       INTEGER NOT NULL, -- of the content, in bytes
    content    BLOB,             -- opaque; NULL where it is in the bucket
    object     TEXT    UNIQUE,   -- its name in the bucket
    created_at INTEGER NOT NULL,
    PRIMARY KEY (session_id, name),
    CHECK ((content IS NULL) <> (object IS NULL))
) STRICT;
CREATE INDEX sync_attachments_account ON sync_attachments (account_id, size);

-- Keys that signed tokens of servers whose accounts were taken over: the public halves.
CREATE TABLE sync_imported_keys (
    public_key  TEXT PRIMARY KEY, -- Ed25519, hex
    imported_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Tokens of such servers that are revoked. They say themselves whose they are, so that they are not must be said here.
CREATE TABLE sync_revoked_tokens (
    hash       TEXT PRIMARY KEY, -- SHA-256 of the whole token, hex
    account_id TEXT NOT NULL REFERENCES sync_accounts (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX sync_revoked_tokens_account ON sync_revoked_tokens (account_id);

-- Objects of the bucket that nothing refers to, or not yet: removed there when they are due.
CREATE TABLE sync_lost_objects (
    object TEXT PRIMARY KEY,
    due_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sync_lost_objects_due ON sync_lost_objects (due_at);
