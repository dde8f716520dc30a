-- Tier: state. Sessions with the PDSes of users: whoever has one of these may write to somebody's repository.

CREATE TABLE pds_sessions (
    id                 TEXT    PRIMARY KEY, -- UUIDv7
    did                TEXT    NOT NULL,    -- the account, as the authorization server confirmed it
    browser_session_id TEXT    UNIQUE,      -- the browser that signed in on this server's pages, unless an app registered it
    api_client_id      TEXT    REFERENCES api_clients (id) ON DELETE CASCADE, -- the app that registered it
    dpop_key_id        TEXT    REFERENCES dpop_keys (id) ON DELETE CASCADE,   -- the device it did so for
    client_id          TEXT    NOT NULL,    -- who the authorization server takes us for
    issuer             TEXT    NOT NULL,    -- the authorization server, an origin
    pds                TEXT    NOT NULL,    -- the only server that sees the tokens, an origin
    scopes             TEXT    NOT NULL,    -- what was granted, separated by spaces
    dpop_key_enc       BLOB    NOT NULL,    -- the key that the tokens are bound to: its scalar, sealed
    access_token_enc   BLOB    NOT NULL,    -- sealed
    refresh_token_enc  BLOB,                -- sealed; NULL: the session ends with the access token
    expires_at         INTEGER,             -- microseconds; of the access token; NULL: unknown
    version            INTEGER NOT NULL,    -- counts the token sets: tells an old refresh token from a new one
    refreshing_until   INTEGER,             -- microseconds; somebody is exchanging the refresh token until then
    created_at         INTEGER NOT NULL,    -- microseconds
    updated_at         INTEGER NOT NULL,    -- microseconds; when the tokens came
    CHECK ((api_client_id IS NULL) = (dpop_key_id IS NULL)),
    CHECK ((browser_session_id IS NULL) = (api_client_id IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX pds_sessions_of_device ON pds_sessions (api_client_id, did, dpop_key_id);
CREATE INDEX pds_sessions_of_account ON pds_sessions (did, created_at);
CREATE INDEX pds_sessions_of_key ON pds_sessions (dpop_key_id);
CREATE INDEX pds_sessions_by_age ON pds_sessions (updated_at);
