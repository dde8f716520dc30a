-- Tier: state. What the dashboard needs: sessions of browsers, settings, domains.

CREATE TABLE browser_sessions (
    id            TEXT    PRIMARY KEY, -- UUIDv7
    token_hash    TEXT    NOT NULL UNIQUE, -- SHA-256 of the token in the cookie, hex; the token itself is nowhere
    previous_hash TEXT    UNIQUE,      -- the token before it, good for a moment after the change
    did           TEXT    NOT NULL,    -- who signed in; need not be a user
    client_key    TEXT,                -- the API client through which they did
    created_at    INTEGER NOT NULL,    -- microseconds
    rotated_at    INTEGER NOT NULL,    -- microseconds; when the token was last changed
    expires_at    INTEGER NOT NULL     -- microseconds
) STRICT;
CREATE INDEX browser_sessions_of_did ON browser_sessions (did);
CREATE INDEX browser_sessions_by_expiry ON browser_sessions (expires_at);

CREATE TABLE instance_settings (
    key        TEXT    PRIMARY KEY,
    value      TEXT    NOT NULL,
    updated_at INTEGER NOT NULL -- microseconds
) STRICT, WITHOUT ROWID;

CREATE TABLE domains (
    id         TEXT    PRIMARY KEY,     -- UUIDv7
    url        TEXT    NOT NULL UNIQUE, -- an origin: scheme, host, and port if it is not the scheme's
    is_primary INTEGER NOT NULL CHECK (is_primary IN (0, 1)),
    created_at INTEGER NOT NULL,        -- microseconds
    updated_at INTEGER NOT NULL         -- microseconds
) STRICT;
CREATE UNIQUE INDEX domains_one_primary ON domains (is_primary) WHERE is_primary = 1;
