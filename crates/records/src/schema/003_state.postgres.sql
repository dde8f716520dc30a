-- See 003_state.sqlite.sql for the comments.
ALTER TABLE local_decisions ADD COLUMN record TEXT;
ALTER TABLE local_decisions ADD COLUMN collection TEXT;
ALTER TABLE local_decisions ADD COLUMN origin TEXT;
CREATE UNIQUE INDEX local_decisions_origin ON local_decisions (origin) WHERE origin IS NOT NULL;
CREATE INDEX local_decisions_newest ON local_decisions (decided_at, uri);
CREATE INDEX local_decisions_records ON local_decisions (collection) WHERE record IS NOT NULL;
CREATE INDEX local_decisions_withdrawn ON local_decisions (decided_at) WHERE decision = 'withdrawn';
