-- Tier: state. Apps that use this server on behalf of their users, and the accounts they share.

CREATE TABLE api_clients (
    id                     TEXT    PRIMARY KEY, -- UUIDv7
    client_key             TEXT    NOT NULL UNIQUE, -- `hvc_` and 32 hex digits: public, names the client
    client_secret_hash     TEXT,                -- SHA-256 of the secret, hex; NULL: a public client, which has none
    name                   TEXT    NOT NULL,
    client_id_url          TEXT    NOT NULL UNIQUE, -- the app's OAuth client id
    client_uri             TEXT    NOT NULL,
    redirect_uris          TEXT    NOT NULL,    -- JSON array of strings
    scopes                 TEXT    NOT NULL,    -- the most its sessions may have, separated by spaces
    client_type            TEXT    NOT NULL CHECK (client_type IN ('confidential', 'public')),
    allowed_origins        TEXT,                -- JSON array of origins; NULL: not restricted
    rate_limit_capacity    INTEGER,             -- tokens; NULL: the server's default
    rate_limit_refill_rate REAL,                -- tokens per second; NULL: the server's default
    is_active              INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
    created_by             TEXT,                -- a DID; NULL: made on the command line
    parent_client_id       TEXT    REFERENCES api_clients (id) ON DELETE CASCADE, -- the app through which it was made
    owner_did              TEXT,                -- whose it is, if it has a parent
    created_at             INTEGER NOT NULL,    -- microseconds
    updated_at             INTEGER NOT NULL     -- microseconds
) STRICT;
CREATE INDEX api_clients_of_parent ON api_clients (parent_client_id, owner_did);

-- Keys made for apps: what the app signs its proofs with, and this server its calls on the user's behalf.
CREATE TABLE dpop_keys (
    id              TEXT    PRIMARY KEY, -- UUIDv7
    provision_id    TEXT    NOT NULL UNIQUE, -- `hvp_` and 32 hex digits
    api_client_id   TEXT    NOT NULL REFERENCES api_clients (id) ON DELETE CASCADE,
    private_key_enc BLOB    NOT NULL,    -- the private JWK, sealed for this row
    jwk_thumbprint  TEXT    NOT NULL UNIQUE, -- RFC 7638
    pkce_challenge  TEXT,                -- S256 of the public client that asked for the key; NULL: a confidential one
    did             TEXT,                -- who signed in with it; NULL: nobody yet, and soon it expires
    created_at      INTEGER NOT NULL     -- microseconds
) STRICT;
CREATE INDEX dpop_keys_of_client ON dpop_keys (api_client_id);
CREATE INDEX dpop_keys_unused ON dpop_keys (created_at) WHERE did IS NULL;

-- Accounts that several people write to. Each app has its own: what an owner allows in one says nothing about another.
CREATE TABLE delegated_accounts (
    account_did   TEXT    NOT NULL,
    api_client_id TEXT    NOT NULL REFERENCES api_clients (id) ON DELETE CASCADE,
    linked_by     TEXT    NOT NULL,      -- a DID
    created_at    INTEGER NOT NULL,      -- microseconds
    PRIMARY KEY (account_did, api_client_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX delegated_accounts_of_client ON delegated_accounts (api_client_id);

CREATE TABLE account_delegates (
    account_did   TEXT    NOT NULL,
    api_client_id TEXT    NOT NULL,
    user_did      TEXT    NOT NULL,
    role          TEXT    NOT NULL CHECK (role IN ('owner', 'admin', 'member')),
    granted_by    TEXT    NOT NULL,      -- a DID
    created_at    INTEGER NOT NULL,      -- microseconds
    PRIMARY KEY (account_did, api_client_id, user_did),
    FOREIGN KEY (account_did, api_client_id)
        REFERENCES delegated_accounts (account_did, api_client_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX account_delegates_of_user ON account_delegates (user_did, api_client_id);
CREATE UNIQUE INDEX account_delegates_one_owner ON account_delegates (account_did, api_client_id) WHERE role = 'owner';
