-- Tier: state. Who lets themselves in without a password, and the key that tokens are signed with. Times are microseconds.

CREATE TABLE registry_keys (
    name       TEXT    PRIMARY KEY, -- `tokens`
    sealed     BLOB    NOT NULL,    -- the scalar on P-256, sealed under the master secret
    created_at INTEGER NOT NULL
) STRICT;

-- Programs that somebody approved in a browser.
CREATE TABLE registry_devices (
    id           TEXT    PRIMARY KEY, -- also part of the secret
    did          TEXT    NOT NULL,    -- whom it acts for
    handle       TEXT    NOT NULL,    -- what they were called when they approved it
    name         TEXT    NOT NULL,
    secret_hash  TEXT    NOT NULL,    -- SHA-256 in hex; of another registry, bcrypt until it is first used
    ip_address   TEXT    NOT NULL,    -- what asked to be approved, and from where
    user_agent   TEXT    NOT NULL,
    created_at   INTEGER NOT NULL,
    last_used_at INTEGER,             -- to the minute
    revoked_at   INTEGER              -- then it is kept only for as long as tokens that it got may be shown
) STRICT;
CREATE INDEX registry_devices_owner ON registry_devices (did, created_at);
CREATE INDEX registry_devices_secret ON registry_devices (secret_hash);
CREATE INDEX registry_devices_revoked ON registry_devices (revoked_at) WHERE revoked_at IS NOT NULL;
