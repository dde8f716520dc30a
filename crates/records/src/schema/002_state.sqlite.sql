-- The version that was decided about: what is fetched later names its content, not its revision. NULL: not known.
ALTER TABLE local_decisions ADD COLUMN cid TEXT;
