-- Tier: state. See 001_devices.sqlite.sql for the comments.

CREATE TABLE registry_keys (
    name       TEXT   PRIMARY KEY,
    sealed     BYTEA  NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE registry_devices (
    id           TEXT   PRIMARY KEY,
    did          TEXT   NOT NULL,
    handle       TEXT   NOT NULL,
    name         TEXT   NOT NULL,
    secret_hash  TEXT   NOT NULL,
    ip_address   TEXT   NOT NULL,
    user_agent   TEXT   NOT NULL,
    created_at   BIGINT NOT NULL,
    last_used_at BIGINT,
    revoked_at   BIGINT
);
CREATE INDEX registry_devices_owner ON registry_devices (did, created_at);
CREATE INDEX registry_devices_secret ON registry_devices (secret_hash);
CREATE INDEX registry_devices_revoked ON registry_devices (revoked_at) WHERE revoked_at IS NOT NULL;
