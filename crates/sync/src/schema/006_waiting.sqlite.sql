-- Where whoever waits to be let in called from: one place may not keep all others waiting.
ALTER TABLE sync_pairings ADD COLUMN address TEXT NOT NULL DEFAULT '';
CREATE INDEX sync_pairings_address ON sync_pairings (address, created_at);

-- When a session ended: what is still heard of it just after that does not wake it, on whichever instance. NULL: it goes on.
ALTER TABLE sync_sessions ADD COLUMN ended_at INTEGER;

-- People are looked for by the beginning of their name.
CREATE INDEX sync_accounts_name ON sync_accounts (lower(username)) WHERE username IS NOT NULL;
