-- Tier: state. Sessions of browsers, settings, domains. See 002_dashboard.sqlite.sql for the comments.

CREATE TABLE browser_sessions (
    id            TEXT   PRIMARY KEY,
    token_hash    TEXT   NOT NULL UNIQUE,
    previous_hash TEXT   UNIQUE,
    did           TEXT   NOT NULL,
    client_key    TEXT,
    created_at    BIGINT NOT NULL,
    rotated_at    BIGINT NOT NULL,
    expires_at    BIGINT NOT NULL
);
CREATE INDEX browser_sessions_of_did ON browser_sessions (did);
CREATE INDEX browser_sessions_by_expiry ON browser_sessions (expires_at);

CREATE TABLE instance_settings (
    key        TEXT   PRIMARY KEY,
    value      TEXT   NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE TABLE domains (
    id         TEXT   PRIMARY KEY,
    url        TEXT   NOT NULL UNIQUE,
    is_primary BIGINT NOT NULL CHECK (is_primary IN (0, 1)),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX domains_one_primary ON domains (is_primary) WHERE is_primary = 1;
