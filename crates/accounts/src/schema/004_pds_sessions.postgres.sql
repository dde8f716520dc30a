-- Tier: state. Sessions with the PDSes of users. See 004_pds_sessions.sqlite.sql for the comments.

CREATE TABLE pds_sessions (
    id                 TEXT   PRIMARY KEY,
    did                TEXT   NOT NULL,
    browser_session_id TEXT   UNIQUE,
    api_client_id      TEXT   REFERENCES api_clients (id) ON DELETE CASCADE,
    dpop_key_id        TEXT   REFERENCES dpop_keys (id) ON DELETE CASCADE,
    client_id          TEXT   NOT NULL,
    issuer             TEXT   NOT NULL,
    pds                TEXT   NOT NULL,
    scopes             TEXT   NOT NULL,
    dpop_key_enc       BYTEA  NOT NULL,
    access_token_enc   BYTEA  NOT NULL,
    refresh_token_enc  BYTEA,
    expires_at         BIGINT,
    version            BIGINT NOT NULL,
    refreshing_until   BIGINT,
    created_at         BIGINT NOT NULL,
    updated_at         BIGINT NOT NULL,
    CHECK ((api_client_id IS NULL) = (dpop_key_id IS NULL)),
    CHECK ((browser_session_id IS NULL) = (api_client_id IS NOT NULL))
);
CREATE UNIQUE INDEX pds_sessions_of_device ON pds_sessions (api_client_id, did, dpop_key_id);
CREATE INDEX pds_sessions_of_account ON pds_sessions (did, created_at);
CREATE INDEX pds_sessions_of_key ON pds_sessions (dpop_key_id);
CREATE INDEX pds_sessions_by_age ON pds_sessions (updated_at);
