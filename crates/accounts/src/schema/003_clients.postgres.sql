-- Tier: state. Apps and what they share. See 003_clients.sqlite.sql for the comments.

CREATE TABLE api_clients (
    id                     TEXT    PRIMARY KEY,
    client_key             TEXT    NOT NULL UNIQUE,
    client_secret_hash     TEXT,
    name                   TEXT    NOT NULL,
    client_id_url          TEXT    NOT NULL UNIQUE,
    client_uri             TEXT    NOT NULL,
    redirect_uris          TEXT    NOT NULL,
    scopes                 TEXT    NOT NULL,
    client_type            TEXT    NOT NULL CHECK (client_type IN ('confidential', 'public')),
    allowed_origins        TEXT,
    rate_limit_capacity    BIGINT,
    rate_limit_refill_rate DOUBLE PRECISION,
    is_active              BIGINT  NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
    created_by             TEXT,
    parent_client_id       TEXT    REFERENCES api_clients (id) ON DELETE CASCADE,
    owner_did              TEXT,
    created_at             BIGINT  NOT NULL,
    updated_at             BIGINT  NOT NULL
);
CREATE INDEX api_clients_of_parent ON api_clients (parent_client_id, owner_did);

CREATE TABLE dpop_keys (
    id              TEXT    PRIMARY KEY,
    provision_id    TEXT    NOT NULL UNIQUE,
    api_client_id   TEXT    NOT NULL REFERENCES api_clients (id) ON DELETE CASCADE,
    private_key_enc BYTEA   NOT NULL,
    jwk_thumbprint  TEXT    NOT NULL UNIQUE,
    pkce_challenge  TEXT,
    did             TEXT,
    created_at      BIGINT  NOT NULL
);
CREATE INDEX dpop_keys_of_client ON dpop_keys (api_client_id);
CREATE INDEX dpop_keys_unused ON dpop_keys (created_at) WHERE did IS NULL;

CREATE TABLE delegated_accounts (
    account_did   TEXT    NOT NULL,
    api_client_id TEXT    NOT NULL REFERENCES api_clients (id) ON DELETE CASCADE,
    linked_by     TEXT    NOT NULL,
    created_at    BIGINT  NOT NULL,
    PRIMARY KEY (account_did, api_client_id)
);
CREATE INDEX delegated_accounts_of_client ON delegated_accounts (api_client_id);

CREATE TABLE account_delegates (
    account_did   TEXT    NOT NULL,
    api_client_id TEXT    NOT NULL,
    user_did      TEXT    NOT NULL,
    role          TEXT    NOT NULL CHECK (role IN ('owner', 'admin', 'member')),
    granted_by    TEXT    NOT NULL,
    created_at    BIGINT  NOT NULL,
    PRIMARY KEY (account_did, api_client_id, user_did),
    FOREIGN KEY (account_did, api_client_id)
        REFERENCES delegated_accounts (account_did, api_client_id) ON DELETE CASCADE
);
CREATE INDEX account_delegates_of_user ON account_delegates (user_did, api_client_id);
CREATE UNIQUE INDEX account_delegates_one_owner ON account_delegates (account_did, api_client_id) WHERE role = 'owner';
