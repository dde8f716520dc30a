-- See 005_index.sqlite.sql for the comments.
ALTER TABLE coverage ADD COLUMN tears BIGINT NOT NULL DEFAULT 0;
ALTER TABLE coverage ADD COLUMN mended BIGINT NOT NULL DEFAULT 0;

UPDATE coverage SET tears = 1 WHERE state = 3;
