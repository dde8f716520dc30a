-- Whom a thought for few is for, found without the thought; what was given up; pictures by their owners.

ALTER TABLE social_thought_mentions ADD COLUMN private INTEGER NOT NULL DEFAULT 0 CHECK (private IN (0, 1)); -- as the thought, whose visibility never changes
UPDATE social_thought_mentions SET private = 1
WHERE thought_id IN (SELECT id FROM social_thoughts WHERE visibility = 'private');
CREATE INDEX social_thought_mentions_private ON social_thought_mentions (user_id, thought_id) WHERE private = 1;

CREATE INDEX social_deliveries_failed ON social_deliveries (settled_at) WHERE state = 'failed';

-- One whose `created_at` is 0 is about to be removed.
CREATE INDEX social_attachments_user ON social_attachments (user_id);
