-- Besides what is left out, what is put in: `decision` is one of
--   deleted    the version is left out
--   saved      the record is only here
--   replaced   what is here of the version is another record
--   withdrawn  what was saved is gone; forgotten as soon as the index knows
ALTER TABLE local_decisions ADD COLUMN record TEXT; -- JSON of what is saved, or in place of the version
ALTER TABLE local_decisions ADD COLUMN collection TEXT; -- of such a record
-- A digest that names the effect of an event which made the record: the event again is the same record again.
ALTER TABLE local_decisions ADD COLUMN origin TEXT;
CREATE UNIQUE INDEX local_decisions_origin ON local_decisions (origin) WHERE origin IS NOT NULL;
CREATE INDEX local_decisions_newest ON local_decisions (decided_at, uri);
CREATE INDEX local_decisions_records ON local_decisions (collection) WHERE record IS NOT NULL;
CREATE INDEX local_decisions_withdrawn ON local_decisions (decided_at) WHERE decision = 'withdrawn';
