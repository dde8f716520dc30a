-- Tier: state. Who this server is to the network, and which of its methods others may call in whose name.

CREATE TABLE service_identity (
    id                        INTEGER PRIMARY KEY CHECK (id = 1), -- there is one
    mode                      TEXT    NOT NULL CHECK (mode IN ('did_web', 'did_plc', 'attach_account', 'not_exposed')),
    did                       TEXT,    -- the did:plc that was registered; kept when the mode changes
    signing_key_enc           BLOB,    -- sealed P-256 scalar
    signing_key_multibase     TEXT,    -- its public half, as DID documents show it
    rotation_key_enc          BLOB,    -- sealed P-256 scalar
    attached_account_did      TEXT,
    setup_complete            INTEGER NOT NULL CHECK (setup_complete IN (0, 1)),
    genesis                   TEXT,    -- JSON: the signed operation of a registration, from before it is submitted
    published                 TEXT    NOT NULL, -- JSON: names this server put into the DID's document at the directory
    rotation_key_taken_at     INTEGER, -- microseconds
    created_at                INTEGER NOT NULL, -- microseconds
    updated_at                INTEGER NOT NULL  -- microseconds
) STRICT;

CREATE TABLE service_entries (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    fragment_id  TEXT    NOT NULL UNIQUE, -- '#name'
    service_type TEXT    NOT NULL,
    access_mode  TEXT    NOT NULL CHECK (access_mode IN ('all', 'specific')),
    created_at   INTEGER NOT NULL, -- microseconds
    updated_at   INTEGER NOT NULL  -- microseconds
) STRICT;

CREATE TABLE service_entry_xrpcs (
    service_entry_id INTEGER NOT NULL REFERENCES service_entries (id) ON DELETE CASCADE,
    lexicon_id       TEXT    NOT NULL, -- an NSID
    PRIMARY KEY (service_entry_id, lexicon_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE verification_methods (
    id                   TEXT    PRIMARY KEY,     -- UUIDv7
    fragment_id          TEXT    NOT NULL UNIQUE, -- '#name'
    key_type             TEXT    NOT NULL CHECK (key_type = 'Multikey'),
    public_key_multibase TEXT    NOT NULL,
    private_key_enc      BLOB    NOT NULL,        -- sealed P-256 scalar
    created_at           INTEGER NOT NULL         -- microseconds
) STRICT;
