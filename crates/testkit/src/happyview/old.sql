-- HappyView before 2.9: no prefix, scripts in columns of lexicons, dead letters of hooks.
CREATE TABLE lexicons (
    id TEXT PRIMARY KEY, revision INTEGER NOT NULL DEFAULT 1, lexicon_json TEXT NOT NULL, backfill INTEGER NOT NULL DEFAULT 1,
    target_collection TEXT, action TEXT, token_cost INTEGER, source TEXT NOT NULL DEFAULT 'manual', authority_did TEXT,
    last_fetched_at {time}, created_at {time}, updated_at {time}, script TEXT, index_hook TEXT);
CREATE TABLE records (uri TEXT PRIMARY KEY, did TEXT, collection TEXT, rkey TEXT, record TEXT, cid TEXT NOT NULL);
CREATE TABLE users (id TEXT PRIMARY KEY, did TEXT UNIQUE, is_super INTEGER NOT NULL DEFAULT 0, created_at {time}, last_used_at {time});
CREATE TABLE user_permissions (user_id TEXT, permission TEXT, granted_at {time}, granted_by TEXT, PRIMARY KEY (user_id, permission));
CREATE TABLE api_keys (
    id TEXT PRIMARY KEY, user_id TEXT, name TEXT NOT NULL, key_hash TEXT NOT NULL, key_prefix TEXT NOT NULL,
    created_at {time}, last_used_at {time}, revoked_at {time}, permissions TEXT NOT NULL DEFAULT '[]');
CREATE TABLE api_clients (
    id TEXT PRIMARY KEY, client_key TEXT NOT NULL UNIQUE, name TEXT NOT NULL, client_id_url TEXT NOT NULL UNIQUE,
    client_uri TEXT NOT NULL, redirect_uris TEXT NOT NULL, scopes TEXT NOT NULL DEFAULT 'atproto', rate_limit_capacity INTEGER,
    rate_limit_refill_rate REAL, is_active INTEGER NOT NULL DEFAULT 1, created_by TEXT, created_at TEXT, updated_at TEXT,
    client_secret_hash TEXT, client_type TEXT NOT NULL DEFAULT 'confidential', allowed_origins TEXT);
CREATE TABLE instance_settings (key TEXT PRIMARY KEY, value TEXT NOT NULL, updated_at TEXT);
CREATE TABLE script_variables (key TEXT PRIMARY KEY, value TEXT NOT NULL, created_at {time}, updated_at {time});
CREATE TABLE labeler_subscriptions (did TEXT PRIMARY KEY, cursor BIGINT, status TEXT, created_at {time}, updated_at {time});
CREATE TABLE dead_letter_hooks (
    id TEXT PRIMARY KEY, lexicon_id TEXT, uri TEXT, did TEXT, collection TEXT, rkey TEXT, action TEXT, record TEXT, error TEXT,
    attempts INTEGER, created_at {time});
CREATE TABLE oauth_sessions (did TEXT PRIMARY KEY, session_data TEXT);

INSERT INTO lexicons (id, revision, lexicon_json, backfill, target_collection, created_at, updated_at, script, index_hook) VALUES
('com.example.note', 3, '{"lexicon":1,"id":"com.example.note","defs":{"main":{"type":"record","key":"tid","record":{"type":"object","properties":{"text":{"type":"string"}}}}}}',
 1, NULL, '2026-03-01 10:00:00', '2026-03-02 10:00:00', NULL, 'function handle() return record end'),
('com.example.hello', 1, '{"lexicon":1,"id":"com.example.hello","defs":{"main":{"type":"query"}}}',
 0, NULL, '2026-03-01 10:00:00', '2026-03-01 10:00:00', 'function handle() return { secret = env.API_TOKEN, method = method } end', NULL),
('com.example.object', 1, '{"lexicon":1,"id":"com.example.object","defs":{"main":{"type":"object","properties":{}}}}',
 0, NULL, '2026-03-01 10:00:00', '2026-03-01 10:00:00', 'function handle() return 1 end', NULL);
INSERT INTO users VALUES ('0b7e3c52-9d6e-4a11-8f5d-1f3c5a6b7c01', 'did:plc:ewvi7nxzyoun6zhxrhs64oiz', 1, '2026-02-17 08:00:00', NULL);
INSERT INTO user_permissions (user_id, permission) VALUES
('0b7e3c52-9d6e-4a11-8f5d-1f3c5a6b7c01', 'stats:read'), ('0b7e3c52-9d6e-4a11-8f5d-1f3c5a6b7c01', 'network-lexicons:read');
INSERT INTO api_keys VALUES ('6a1d7d7e-3c22-4f7f-9a35-7b6f2f5b9d01', '0b7e3c52-9d6e-4a11-8f5d-1f3c5a6b7c01', 'laptop',
 '{sha256:hv_0123456789abcdef0123456789abcdef}', 'hv_01234567', '2026-02-18 08:00:00', NULL, NULL, '["stats:read","settings:manage","network-lexicons:read"]');
INSERT INTO api_clients VALUES ('c0ffee00-0000-4000-8000-000000000001', 'hvc_11111111111111111111111111111111', 'Notes',
 'https://notes.example.com/client-metadata.json', 'https://notes.example.com', '["https://notes.example.com/callback"]', 'atproto',
 50, 1.5, 1, 'did:plc:ewvi7nxzyoun6zhxrhs64oiz', '2026-04-12T10:00:00Z', '2026-04-13T10:00:00Z',
 '{sha256:hvs_2222222222222222222222222222222222222222222222222222222222222222}', 'confidential', '["https://beta.example.com"]');
INSERT INTO instance_settings VALUES ('app_name', 'Notes', '2026-03-20T00:00:00Z'), ('jetstream_cursor', '1700000000000000', '');
INSERT INTO script_variables VALUES ('API_TOKEN', 'told in plain', '2026-03-04 10:00:00', '2026-03-05 10:00:00');
INSERT INTO labeler_subscriptions VALUES ('did:plc:ar7c4by46qjdydhdevvrndac', 12, 'active', '2026-03-14 10:00:00', '2026-03-14 10:00:00');
INSERT INTO dead_letter_hooks VALUES ('7d444840-9dc0-11d1-b245-5ffdce74fad2', 'com.example.note',
 'at://did:plc:ewvi7nxzyoun6zhxrhs64oiz/com.example.note/3k2aaaaaaaa2a', 'did:plc:ewvi7nxzyoun6zhxrhs64oiz', 'com.example.note',
 '3k2aaaaaaaa2a', 'create', '{"$type":"com.example.note","text":"a"}', 'boom', 4, '2026-03-06 10:00:00');
INSERT INTO oauth_sessions VALUES ('did:plc:ewvi7nxzyoun6zhxrhs64oiz', 'secret');
