-- HappyView 2.10 and later: a prefix, scripts by trigger, a service identity; PostgreSQL with its own types.
CREATE TABLE happyview_lexicons (
    id TEXT PRIMARY KEY, revision INTEGER NOT NULL DEFAULT 1, lexicon_json {json} NOT NULL, lexicon_type TEXT, backfill {flag},
    target_collection TEXT, action TEXT, token_cost INTEGER, source TEXT NOT NULL DEFAULT 'manual', authority_did TEXT,
    last_fetched_at {time}, created_at {time}, updated_at {time}, of_a_later_version TEXT);
CREATE TABLE happyview_records (uri TEXT PRIMARY KEY, did TEXT, collection TEXT, rkey TEXT, record {json}, cid TEXT, indexed_at {time}, created_at {time});
CREATE TABLE happyview_users (id TEXT PRIMARY KEY, did TEXT UNIQUE, is_super {flag}, created_at {time}, last_used_at {time});
CREATE TABLE happyview_user_permissions (user_id TEXT, permission TEXT, granted_at {time}, granted_by TEXT, PRIMARY KEY (user_id, permission));
CREATE TABLE happyview_api_keys (
    id TEXT PRIMARY KEY, user_id TEXT, name TEXT, key_hash TEXT UNIQUE, key_prefix TEXT, permissions {list}, created_at {time},
    last_used_at {time}, revoked_at {time});
CREATE TABLE happyview_api_clients (
    id TEXT PRIMARY KEY, client_key TEXT NOT NULL UNIQUE, client_secret_hash TEXT, name TEXT, client_id_url TEXT UNIQUE, client_uri TEXT,
    redirect_uris {json}, scopes TEXT, client_type TEXT, allowed_origins {json}, rate_limit_capacity INTEGER,
    rate_limit_refill_rate DOUBLE PRECISION, is_active {flag}, created_by TEXT, parent_client_id TEXT, owner_did TEXT, created_at {time},
    updated_at {time});
CREATE TABLE happyview_delegated_accounts (account_did TEXT PRIMARY KEY, linked_by TEXT, api_client_id TEXT, created_at TEXT);
CREATE TABLE happyview_account_delegates (account_did TEXT, user_did TEXT, role TEXT, granted_by TEXT, created_at TEXT, PRIMARY KEY (account_did, user_did));
CREATE TABLE happyview_instance_settings (key TEXT PRIMARY KEY, value TEXT, updated_at TEXT);
CREATE TABLE happyview_domains (id TEXT PRIMARY KEY, url TEXT UNIQUE, is_primary {flag}, created_at TEXT, updated_at TEXT);
CREATE TABLE happyview_scripts (
    id TEXT PRIMARY KEY, body TEXT NOT NULL, description TEXT, script_type TEXT NOT NULL DEFAULT 'lua', outbound_xrpcs {json},
    created_at {time}, updated_at {time});
CREATE TABLE happyview_script_variables (key TEXT PRIMARY KEY, value TEXT, created_at {time}, updated_at {time});
CREATE TABLE happyview_dead_letter_scripts (
    id {serial}, script_ref TEXT, host_kind TEXT, host_id TEXT, collection TEXT, payload {json}, error TEXT, attempts INTEGER,
    created_at {time}, resolved_at {time});
CREATE TABLE happyview_labeler_subscriptions (did TEXT PRIMARY KEY, cursor BIGINT, status TEXT, created_at {time}, updated_at {time});
CREATE TABLE happyview_service_identity (
    id INTEGER PRIMARY KEY, mode TEXT, did TEXT, signing_key_enc TEXT, rotation_key_enc TEXT, attached_account_did TEXT,
    setup_complete {flag}, created_at TEXT, updated_at TEXT);
CREATE TABLE happyview_service_entries (id {serial}, fragment_id TEXT UNIQUE, service_type TEXT, access_mode TEXT, created_at TEXT, updated_at TEXT);
CREATE TABLE happyview_service_entry_xrpcs (service_entry_id INTEGER, lexicon_id TEXT, PRIMARY KEY (service_entry_id, lexicon_id));
CREATE TABLE happyview_verification_methods (
    id TEXT PRIMARY KEY, fragment_id TEXT UNIQUE, key_type TEXT, public_key_multibase TEXT, private_key_enc {bytes}, created_at TEXT);
CREATE TABLE happyview_spaces (id TEXT PRIMARY KEY);

INSERT INTO happyview_lexicons (id, revision, lexicon_json, backfill, target_collection, action, token_cost, source, authority_did, last_fetched_at, created_at, updated_at) VALUES
('com.example.note', 3, '{"lexicon":1,"id":"com.example.note","defs":{"main":{"type":"record","key":"tid","record":{"type":"object","properties":{"text":{"type":"string"}}}}}}',
 TRUE, NULL, NULL, NULL, 'network', 'did:plc:ragtjsm2j2vknwkz3zp4oxrd', '2026-07-01 10:00:00+00', '2026-06-01 10:00:00+00', '2026-06-02 10:00:00+00'),
('com.example.hello', 1, '{"lexicon":1,"id":"com.example.hello","defs":{"main":{"type":"query"}}}',
 FALSE, NULL, NULL, 2, 'manual', NULL, NULL, '2026-06-01 10:00:00+00', '2026-06-01 10:00:00+00'),
('com.example.putNote', 1, '{"lexicon":1,"id":"com.example.putNote","defs":{"main":{"type":"procedure"}}}',
 FALSE, 'com.example.note', 'create', NULL, 'manual', NULL, NULL, '2026-06-01 10:00:00+00', '2026-06-01 10:00:00+00');
INSERT INTO happyview_records (uri, did, collection, rkey, record, cid) VALUES
('at://did:plc:ewvi7nxzyoun6zhxrhs64oiz/com.example.note/3k2aaaaaaaa2a', 'did:plc:ewvi7nxzyoun6zhxrhs64oiz', 'com.example.note', '3k2aaaaaaaa2a', '{"text":"a"}', 'bafy'),
('at://did:plc:ewvi7nxzyoun6zhxrhs64oiz/com.example.note/local', 'did:plc:ewvi7nxzyoun6zhxrhs64oiz', 'com.example.note', 'local', '{"text":"b"}', NULL);
INSERT INTO happyview_users VALUES
('0b7e3c52-9d6e-4a11-8f5d-1f3c5a6b7c01', 'did:plc:ewvi7nxzyoun6zhxrhs64oiz', TRUE, '2026-02-17 08:00:00+00', '2026-07-02 08:00:00.25+00'),
('0b7e3c52-9d6e-4a11-8f5d-1f3c5a6b7c02', 'did:web:bob.example.com', FALSE, '2026-02-18 08:00:00+00', NULL);
INSERT INTO happyview_user_permissions (user_id, permission) VALUES
('0b7e3c52-9d6e-4a11-8f5d-1f3c5a6b7c02', 'stats:read'), ('0b7e3c52-9d6e-4a11-8f5d-1f3c5a6b7c02', 'records:read');
INSERT INTO happyview_api_keys VALUES
('6a1d7d7e-3c22-4f7f-9a35-7b6f2f5b9d01', '0b7e3c52-9d6e-4a11-8f5d-1f3c5a6b7c01', 'laptop', '{sha256:hv_0123456789abcdef0123456789abcdef}',
 'hv_01234567', {list:stats:read,settings:manage}, '2026-02-18 08:00:00+00', NULL, NULL),
('6a1d7d7e-3c22-4f7f-9a35-7b6f2f5b9d02', '0b7e3c52-9d6e-4a11-8f5d-1f3c5a6b7c01', 'lost', '{sha256:hv_fedcba9876543210fedcba9876543210}',
 'hv_fedcba98', {list:stats:read}, '2026-02-19 08:00:00+00', NULL, '2026-02-20 08:00:00+00');
INSERT INTO happyview_api_clients VALUES
('c0ffee00-0000-4000-8000-000000000002', 'hvc_33333333333333333333333333333333', NULL, 'Child', 'https://child.example.com/client-metadata.json',
 'https://child.example.com', '["https://child.example.com/callback"]', 'atproto', 'public', NULL, NULL, NULL, TRUE, 'did:web:bob.example.com',
 'c0ffee00-0000-4000-8000-000000000001', 'did:web:bob.example.com', '2026-04-11 10:00:00+00', '2026-04-11 10:00:00+00'),
('c0ffee00-0000-4000-8000-000000000001', 'hvc_11111111111111111111111111111111', '{sha256:hvs_2222222222222222222222222222222222222222222222222222222222222222}', 'Notes',
 'https://notes.example.com/client-metadata.json', 'https://notes.example.com', '["https://notes.example.com/callback"]',
 'atproto repo:com.example.note', 'confidential', '["https://beta.example.com"]', 50, 1.5, TRUE, 'did:plc:ewvi7nxzyoun6zhxrhs64oiz',
 NULL, NULL, '2026-04-12 10:00:00+00', '2026-04-13 10:00:00+00');
INSERT INTO happyview_delegated_accounts VALUES ('did:plc:ragtjsm2j2vknwkz3zp4oxrd', 'did:plc:ragtjsm2j2vknwkz3zp4oxrd', 'c0ffee00-0000-4000-8000-000000000001', '2026-04-30T10:00:00Z');
INSERT INTO happyview_account_delegates VALUES
('did:plc:ragtjsm2j2vknwkz3zp4oxrd', 'did:plc:ragtjsm2j2vknwkz3zp4oxrd', 'owner', 'did:plc:ragtjsm2j2vknwkz3zp4oxrd', '2026-04-30T10:00:00Z'),
('did:plc:ragtjsm2j2vknwkz3zp4oxrd', 'did:web:bob.example.com', 'member', 'did:plc:ragtjsm2j2vknwkz3zp4oxrd', '2026-05-01T10:00:00Z');
INSERT INTO happyview_instance_settings VALUES
('app_name', 'Notes', ''), ('rate_limit.default_query_cost', '3', ''), ('jetstream_cursor', '1700000000000000', ''),
('xrpc_proxy_config', '{"mode":"allowlist","nsids":["app.bsky.*"],"routing":"authority"}', ''),
('logo_data', 'iVBORw0KGgo=', ''), ('logo_content_type', 'image/png', ''), ('feature.spaces_enabled', 'true', '');
INSERT INTO happyview_domains VALUES
('d0000000-0000-4000-8000-000000000001', 'https://notes.example.com', TRUE, '2026-04-15T10:00:00Z', '2026-04-15T10:00:00Z'),
('d0000000-0000-4000-8000-000000000002', 'https://other.example.com', FALSE, '2026-04-16T10:00:00Z', '2026-04-16T10:00:00Z');
INSERT INTO happyview_scripts (id, body, description, created_at, updated_at) VALUES
('record.index:com.example.note', 'function handle() return record end', 'keeps notes', '2026-05-01 10:00:00+00', '2026-05-02 10:00:00+00'),
('xrpc.query:com.example.hello', 'function handle() return { secret = env.API_TOKEN, method = method } end', NULL, '2026-05-01 10:00:00+00', '2026-05-01 10:00:00+00');
INSERT INTO happyview_script_variables VALUES
('API_TOKEN', '{sealed:told in secret}', '2026-03-04 10:00:00+00', '2026-03-05 10:00:00+00'), ('PLAIN', 'in plain', NULL, NULL);
INSERT INTO happyview_dead_letter_scripts (script_ref, host_kind, host_id, collection, payload, error, attempts, created_at, resolved_at) VALUES
('record.index:com.example.note', 'record', 'com.example.note:create', 'com.example.note',
 '{"trigger":"record.index:com.example.note","action":"create","uri":"at://did:plc:ewvi7nxzyoun6zhxrhs64oiz/com.example.note/3k2aaaaaaaa2a","did":"did:plc:ewvi7nxzyoun6zhxrhs64oiz","collection":"com.example.note","rkey":"3k2aaaaaaaa2a","record":{"$type":"com.example.note","text":"a"}}',
 'boom', 4, '2026-05-06 10:00:00+00', NULL),
('labeler.apply:_actor', 'label', 'did:plc:ar7c4by46qjdydhdevvrndac', NULL,
 '{"src":"did:plc:ar7c4by46qjdydhdevvrndac","uri":"did:plc:ewvi7nxzyoun6zhxrhs64oiz","val":"spam","neg":false,"cts":"2026-05-06T10:00:00Z"}',
 'boom', 4, '2026-05-07 10:00:00+00', '2026-05-08 10:00:00+00');
INSERT INTO happyview_labeler_subscriptions VALUES
('did:plc:ar7c4by46qjdydhdevvrndac', 12, 'active', '2026-03-14 10:00:00+00', '2026-03-14 10:00:00+00'),
('did:web:labels.example.com', NULL, 'paused', '2026-03-15 10:00:00+00', '2026-03-16 10:00:00+00');
INSERT INTO happyview_service_identity VALUES (1, 'did_plc', 'did:plc:3jpt2mvvsumj2r7eqk4gzzjz', '{sealed-key:0}', '{sealed-key:1}', NULL, TRUE, '2026-06-04T00:00:00Z', '2026-06-05T00:00:00Z');
INSERT INTO happyview_service_entries (fragment_id, service_type, access_mode, created_at, updated_at) VALUES
('#notes', 'NotesAppView', 'specific', '2026-06-04T00:00:00Z', '2026-06-04T00:00:00Z');
INSERT INTO happyview_service_entry_xrpcs VALUES (1, 'com.example.hello');
INSERT INTO happyview_verification_methods VALUES ('e0000000-0000-4000-8000-000000000001', '#extra', 'Multikey', '{public-key:2}', {sealed-key-bytes:2}, '2026-06-27T00:00:00Z');
INSERT INTO happyview_spaces VALUES ('s');
