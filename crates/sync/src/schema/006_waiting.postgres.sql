-- See 006_waiting.sqlite.sql for the comments.
ALTER TABLE sync_pairings ADD COLUMN address TEXT NOT NULL DEFAULT '';
CREATE INDEX sync_pairings_address ON sync_pairings (address, created_at);

ALTER TABLE sync_sessions ADD COLUMN ended_at BIGINT;

CREATE INDEX sync_accounts_name ON sync_accounts ((lower(username) COLLATE "C")) WHERE username IS NOT NULL;
