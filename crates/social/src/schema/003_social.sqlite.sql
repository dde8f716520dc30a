-- What others say of themselves was kept as text and is shown as HTML: what is here is made HTML that says the same, and where that matters
-- their servers are asked anew. Whom somebody here ever sent anything, found by the sender.

UPDATE social_remote_actors SET fetched_at = 0
WHERE user_id IN (SELECT id FROM social_users WHERE host IS NOT NULL AND (bio LIKE '%<%' OR profile_fields LIKE '%<%'));
UPDATE social_users
SET bio = replace(replace(replace(replace(bio, '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), char(10), '<br>'),
    profile_fields = replace(replace(replace(profile_fields, '&', '&amp;'), '<', '&lt;'), '>', '&gt;')
WHERE host IS NOT NULL;

CREATE INDEX social_activities_sender ON social_activities (sender);

ALTER TABLE social_users ADD COLUMN name_key TEXT; -- display_name in lower case, as both engines are to compare it; what is null is not known yet
