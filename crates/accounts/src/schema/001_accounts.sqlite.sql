-- Tier: state. Who may do what.

CREATE TABLE users (
    id           TEXT    PRIMARY KEY, -- UUIDv7
    did          TEXT    UNIQUE,      -- NULL: the local operator, who acts through the command line and has no DID
    name         TEXT,                -- for people; only a user without a DID needs one
    is_super     INTEGER NOT NULL DEFAULT 0 CHECK (is_super IN (0, 1)),
    created_at   INTEGER NOT NULL,    -- microseconds
    last_used_at INTEGER              -- microseconds
) STRICT;
CREATE UNIQUE INDEX users_one_super ON users (is_super) WHERE is_super = 1;
CREATE UNIQUE INDEX users_one_without_did ON users (name) WHERE did IS NULL;

CREATE TABLE user_permissions (
    user_id    TEXT    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    permission TEXT    NOT NULL,
    granted_at INTEGER NOT NULL, -- microseconds
    granted_by TEXT,             -- a user id; NULL: granted on the command line
    PRIMARY KEY (user_id, permission)
) STRICT, WITHOUT ROWID;

CREATE TABLE api_keys (
    id           TEXT    PRIMARY KEY, -- UUIDv7
    user_id      TEXT    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name         TEXT    NOT NULL,
    key_hash     TEXT    NOT NULL UNIQUE, -- SHA-256 of the whole key, hex; the key itself is nowhere
    key_prefix   TEXT    NOT NULL,        -- its first 11 characters, to recognise it by
    permissions  TEXT    NOT NULL,        -- JSON array of strings
    created_at   INTEGER NOT NULL,        -- microseconds
    last_used_at INTEGER,                 -- microseconds
    revoked_at   INTEGER                  -- microseconds
) STRICT;
CREATE INDEX api_keys_of_user ON api_keys (user_id);
