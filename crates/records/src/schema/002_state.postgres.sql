-- See 002_state.sqlite.sql for the comments. Names are compared byte by byte, so that those of a collection are a range.
ALTER TABLE local_decisions ADD COLUMN cid TEXT;
ALTER TABLE local_decisions ALTER COLUMN uri TYPE TEXT COLLATE "C";
