-- Whom a thought for few is for, found without the thought; what was given up; pictures by their owners. See 002_social.sqlite.sql for the
-- comments.

ALTER TABLE social_thought_mentions ADD COLUMN private BIGINT NOT NULL DEFAULT 0 CHECK (private IN (0, 1));
UPDATE social_thought_mentions SET private = 1
WHERE thought_id IN (SELECT id FROM social_thoughts WHERE visibility = 'private');
CREATE INDEX social_thought_mentions_private ON social_thought_mentions (user_id, thought_id) WHERE private = 1;

CREATE INDEX social_deliveries_failed ON social_deliveries (settled_at) WHERE state = 'failed';

CREATE INDEX social_attachments_user ON social_attachments (user_id);
