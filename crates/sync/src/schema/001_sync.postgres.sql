-- Tier: state. A relay's data. See 001_sync.sqlite.sql for the comments.

CREATE TABLE sync_accounts (
    id               TEXT   PRIMARY KEY,
    public_key       TEXT   NOT NULL UNIQUE,
    username         TEXT   UNIQUE,
    first_name       TEXT,
    last_name        TEXT,
    avatar           TEXT,
    github_id        TEXT    UNIQUE,          -- of the GitHub user it is connected to
    github_profile   TEXT,
    settings         TEXT,
    settings_version BIGINT NOT NULL DEFAULT 0,
    feed_seq         BIGINT NOT NULL DEFAULT 0,
    imported         BIGINT NOT NULL DEFAULT 0 CHECK (imported IN (0, 1)), -- it came from a Happy server
    created_at       BIGINT NOT NULL,
    updated_at       BIGINT NOT NULL
);
CREATE TABLE sync_account_seqs (
    account_id TEXT   PRIMARY KEY REFERENCES sync_accounts (id) ON DELETE CASCADE,
    seq        BIGINT NOT NULL
);
CREATE TABLE sync_updates (
    account_id    TEXT   NOT NULL REFERENCES sync_accounts (id) ON DELETE CASCADE,
    seq           BIGINT NOT NULL,
    audience      BIGINT NOT NULL,
    target        TEXT,
    except_socket TEXT,
    message_seq   BIGINT,
    body          TEXT,
    created_at    BIGINT NOT NULL,
    PRIMARY KEY (account_id, seq)
);
CREATE INDEX sync_updates_age ON sync_updates (created_at);

CREATE TABLE sync_tokens (
    id           TEXT   PRIMARY KEY,
    account_id   TEXT   NOT NULL REFERENCES sync_accounts (id) ON DELETE CASCADE,
    hash         TEXT   NOT NULL,
    origin       TEXT   NOT NULL,
    client       TEXT,
    created_at   BIGINT NOT NULL,
    last_used_at BIGINT NOT NULL
);
CREATE INDEX sync_tokens_account ON sync_tokens (account_id, created_at);

CREATE TABLE sync_pairings (
    kind        TEXT   NOT NULL,
    public_key  TEXT   NOT NULL,
    supports_v2 BIGINT NOT NULL,
    response    TEXT,
    account_id  TEXT   REFERENCES sync_accounts (id) ON DELETE CASCADE,
    created_at  BIGINT NOT NULL,
    PRIMARY KEY (kind, public_key)
);
CREATE INDEX sync_pairings_age ON sync_pairings (created_at);
CREATE INDEX sync_pairings_account ON sync_pairings (account_id);

CREATE TABLE sync_sessions (
    id                  TEXT   COLLATE "C" PRIMARY KEY,
    account_id          TEXT   NOT NULL REFERENCES sync_accounts (id) ON DELETE CASCADE,
    tag                 TEXT   NOT NULL,
    seq                 BIGINT NOT NULL DEFAULT 0,
    metadata            TEXT   NOT NULL,
    metadata_version    BIGINT NOT NULL DEFAULT 0,
    agent_state         TEXT,
    agent_state_version BIGINT NOT NULL DEFAULT 0,
    data_key            BYTEA,
    active              BIGINT NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
    active_at           BIGINT NOT NULL,
    created_at          BIGINT NOT NULL,
    updated_at          BIGINT NOT NULL,
    UNIQUE (account_id, tag)
);
CREATE INDEX sync_sessions_updated ON sync_sessions (account_id, updated_at DESC);
CREATE INDEX sync_sessions_newest ON sync_sessions (account_id, id DESC);
CREATE INDEX sync_sessions_active ON sync_sessions (active_at) WHERE active = 1;

CREATE TABLE sync_messages (
    session_id TEXT   NOT NULL REFERENCES sync_sessions (id) ON DELETE CASCADE,
    seq        BIGINT NOT NULL,
    id         TEXT   NOT NULL,
    local_id   TEXT,
    content    TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (session_id, seq)
);
CREATE UNIQUE INDEX sync_messages_local ON sync_messages (session_id, local_id) WHERE local_id IS NOT NULL;

CREATE TABLE sync_machines (
    id                   TEXT   PRIMARY KEY,
    account_id           TEXT   NOT NULL REFERENCES sync_accounts (id) ON DELETE CASCADE,
    metadata             TEXT   NOT NULL,
    metadata_version     BIGINT NOT NULL,
    daemon_state         TEXT,
    daemon_state_version BIGINT NOT NULL,
    data_key             BYTEA,
    active               BIGINT NOT NULL DEFAULT 0 CHECK (active IN (0, 1)),
    active_at            BIGINT NOT NULL,
    created_at           BIGINT NOT NULL,
    updated_at           BIGINT NOT NULL
);
CREATE INDEX sync_machines_account ON sync_machines (account_id, active_at DESC);
CREATE INDEX sync_machines_active ON sync_machines (active_at) WHERE active = 1;

CREATE TABLE sync_artifacts (
    id             TEXT   PRIMARY KEY,
    account_id     TEXT   NOT NULL REFERENCES sync_accounts (id) ON DELETE CASCADE,
    header         BYTEA  NOT NULL,
    header_version BIGINT NOT NULL DEFAULT 1,
    body           BYTEA  NOT NULL,
    body_version   BIGINT NOT NULL DEFAULT 1,
    data_key       BYTEA  NOT NULL,
    seq            BIGINT NOT NULL DEFAULT 0,
    created_at     BIGINT NOT NULL,
    updated_at     BIGINT NOT NULL
);
CREATE INDEX sync_artifacts_updated ON sync_artifacts (account_id, updated_at DESC);

CREATE TABLE sync_access_keys (
    session_id TEXT   NOT NULL REFERENCES sync_sessions (id) ON DELETE CASCADE,
    machine_id TEXT   NOT NULL REFERENCES sync_machines (id) ON DELETE CASCADE,
    account_id TEXT   NOT NULL REFERENCES sync_accounts (id) ON DELETE CASCADE,
    data       TEXT   NOT NULL,
    version    BIGINT NOT NULL DEFAULT 1,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (session_id, machine_id)
);
CREATE INDEX sync_access_keys_machine ON sync_access_keys (machine_id);
CREATE INDEX sync_access_keys_account ON sync_access_keys (account_id);

CREATE TABLE sync_values (
    account_id TEXT   NOT NULL REFERENCES sync_accounts (id) ON DELETE CASCADE,
    key        TEXT   COLLATE "C" NOT NULL,
    value      BYTEA,
    version    BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, key)
);

CREATE TABLE sync_usage_reports (
    id         TEXT   PRIMARY KEY,
    account_id TEXT   NOT NULL REFERENCES sync_accounts (id) ON DELETE CASCADE,
    session_id TEXT   NOT NULL,
    key        TEXT   NOT NULL,
    tokens     TEXT   NOT NULL,
    cost       TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (account_id, session_id, key)
);

CREATE TABLE sync_push_tokens (
    id         TEXT   NOT NULL UNIQUE,
    account_id TEXT   NOT NULL REFERENCES sync_accounts (id) ON DELETE CASCADE,
    token      TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, token)
);

CREATE TABLE sync_vendor_tokens (
    account_id TEXT   NOT NULL REFERENCES sync_accounts (id) ON DELETE CASCADE,
    vendor     TEXT   NOT NULL,
    token      BYTEA  NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, vendor)
);

CREATE TABLE sync_relationships (
    from_account  TEXT   NOT NULL REFERENCES sync_accounts (id) ON DELETE CASCADE,
    to_account    TEXT   NOT NULL REFERENCES sync_accounts (id) ON DELETE CASCADE,
    status        TEXT   NOT NULL CHECK (status IN ('none', 'requested', 'pending', 'friend', 'rejected')),
    notified_at   BIGINT,
    updated_at    BIGINT NOT NULL,
    PRIMARY KEY (from_account, to_account)
);
CREATE INDEX sync_relationships_to ON sync_relationships (to_account);

CREATE TABLE sync_feed_items (
    account_id TEXT   NOT NULL REFERENCES sync_accounts (id) ON DELETE CASCADE,
    counter    BIGINT NOT NULL,
    id         TEXT   NOT NULL,
    repeat_key TEXT,
    body       TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, counter)
);
CREATE UNIQUE INDEX sync_feed_items_repeat ON sync_feed_items (account_id, repeat_key) WHERE repeat_key IS NOT NULL;

CREATE TABLE sync_attachments (
    session_id TEXT    NOT NULL REFERENCES sync_sessions (id) ON DELETE CASCADE,
    name       TEXT    NOT NULL,
    account_id TEXT    NOT NULL REFERENCES sync_accounts (id) ON DELETE CASCADE,
    size       BIGINT  NOT NULL,
    content    BYTEA,             -- opaque; NULL where it is in the bucket
    object     TEXT    UNIQUE,   -- its name in the bucket
    created_at BIGINT  NOT NULL,
    PRIMARY KEY (session_id, name),
    CHECK ((content IS NULL) <> (object IS NULL))
);
CREATE INDEX sync_attachments_account ON sync_attachments (account_id, size);

-- Keys that signed tokens of servers whose accounts were taken over: the public halves.
CREATE TABLE sync_imported_keys (
    public_key  TEXT PRIMARY KEY, -- Ed25519, hex
    imported_at BIGINT NOT NULL
);

-- Tokens of such servers that are revoked. They say themselves whose they are, so that they are not must be said here.
CREATE TABLE sync_revoked_tokens (
    hash       TEXT PRIMARY KEY, -- SHA-256 of the whole token, hex
    account_id TEXT NOT NULL REFERENCES sync_accounts (id) ON DELETE CASCADE
);
CREATE INDEX sync_revoked_tokens_account ON sync_revoked_tokens (account_id);

-- Objects of the bucket that nothing refers to, or not yet: removed there when they are due.
CREATE TABLE sync_lost_objects (
    object TEXT PRIMARY KEY,
    due_at BIGINT NOT NULL
);
CREATE INDEX sync_lost_objects_due ON sync_lost_objects (due_at);
