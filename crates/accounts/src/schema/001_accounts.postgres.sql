-- Tier: state. Who may do what. See 001_accounts.sqlite.sql for the comments.

CREATE TABLE users (
    id           TEXT   PRIMARY KEY,
    did          TEXT   UNIQUE,
    name         TEXT,
    is_super     BIGINT NOT NULL DEFAULT 0 CHECK (is_super IN (0, 1)),
    created_at   BIGINT NOT NULL,
    last_used_at BIGINT
);
CREATE UNIQUE INDEX users_one_super ON users (is_super) WHERE is_super = 1;
CREATE UNIQUE INDEX users_one_without_did ON users (name) WHERE did IS NULL;

CREATE TABLE user_permissions (
    user_id    TEXT   NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    permission TEXT   NOT NULL,
    granted_at BIGINT NOT NULL,
    granted_by TEXT,
    PRIMARY KEY (user_id, permission)
);

CREATE TABLE api_keys (
    id           TEXT   PRIMARY KEY,
    user_id      TEXT   NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name         TEXT   NOT NULL,
    key_hash     TEXT   NOT NULL UNIQUE,
    key_prefix   TEXT   NOT NULL,
    permissions  TEXT   NOT NULL,
    created_at   BIGINT NOT NULL,
    last_used_at BIGINT,
    revoked_at   BIGINT
);
CREATE INDEX api_keys_of_user ON api_keys (user_id);
