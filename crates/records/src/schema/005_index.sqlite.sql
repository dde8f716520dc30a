-- Tier: index. What the stream says is missing of a history stays missing until it was fetched after that.
ALTER TABLE coverage ADD COLUMN tears INTEGER NOT NULL DEFAULT 0;  -- how often the stream said so
ALTER TABLE coverage ADD COLUMN mended INTEGER NOT NULL DEFAULT 0; -- so many of them were known when its host was asked

-- Which of these the stream spoke of is not known.
UPDATE coverage SET tears = 1 WHERE state = 3;
