-- See 003_social.sqlite.sql for the comments.

UPDATE social_remote_actors SET fetched_at = 0
WHERE user_id IN (SELECT id FROM social_users WHERE host IS NOT NULL AND (bio LIKE '%<%' OR profile_fields LIKE '%<%'));
UPDATE social_users
SET bio = replace(replace(replace(replace(bio, '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), chr(10), '<br>'),
    profile_fields = replace(replace(replace(profile_fields, '&', '&amp;'), '<', '&lt;'), '>', '&gt;')
WHERE host IS NOT NULL;

CREATE INDEX social_activities_sender ON social_activities (sender);

ALTER TABLE social_users ADD COLUMN name_key TEXT;
-- One of the new column is made in its place.
DROP INDEX IF EXISTS social_users_search;
