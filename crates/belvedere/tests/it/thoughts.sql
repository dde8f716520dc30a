-- A Thoughts database (spec/social.md §2.3) with one of everything that is taken over, and something wrong.
CREATE TABLE users (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), username varchar(255) UNIQUE NOT NULL,
    email varchar(255) UNIQUE NOT NULL, password_hash text NOT NULL, display_name varchar(50), bio varchar(160), avatar_url text,
    header_url text, custom_css text, ap_id text UNIQUE, inbox_url text, public_key text, private_key text,
    local boolean NOT NULL DEFAULT true, also_known_as text, profile_fields jsonb DEFAULT '[]', custom_moods jsonb DEFAULT '[]',
    created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE thoughts (id uuid PRIMARY KEY, user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE, content text NOT NULL,
    in_reply_to_id uuid REFERENCES thoughts ON DELETE SET NULL, in_reply_to_url text, ap_id text UNIQUE,
    visibility text NOT NULL DEFAULT 'public', content_warning text, sensitive boolean NOT NULL DEFAULT false,
    local boolean NOT NULL DEFAULT true, note_extensions jsonb, mood varchar(64), created_at timestamptz NOT NULL, updated_at timestamptz);
CREATE TABLE follows (follower_id uuid REFERENCES users ON DELETE CASCADE, following_id uuid REFERENCES users ON DELETE CASCADE,
    state text NOT NULL DEFAULT 'accepted', ap_id text, created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (follower_id, following_id));
CREATE TABLE top_friends (user_id uuid REFERENCES users ON DELETE CASCADE, friend_id uuid REFERENCES users ON DELETE CASCADE,
    position smallint NOT NULL, PRIMARY KEY (user_id, friend_id), UNIQUE (user_id, position));
CREATE TABLE tags (id serial PRIMARY KEY, name varchar(50) UNIQUE NOT NULL);
CREATE TABLE thought_tags (thought_id uuid REFERENCES thoughts ON DELETE CASCADE, tag_id int REFERENCES tags ON DELETE CASCADE,
    PRIMARY KEY (thought_id, tag_id));
CREATE TABLE api_keys (id uuid PRIMARY KEY, user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE, key_hash text UNIQUE NOT NULL,
    name varchar(50) NOT NULL, created_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE likes (id uuid PRIMARY KEY, user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    thought_id uuid NOT NULL REFERENCES thoughts ON DELETE CASCADE, ap_id text UNIQUE, created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (user_id, thought_id));
CREATE TABLE boosts (LIKE likes INCLUDING ALL);
CREATE TABLE blocks (blocker_id uuid REFERENCES users ON DELETE CASCADE, blocked_id uuid REFERENCES users ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (blocker_id, blocked_id));
CREATE TABLE notifications (id uuid PRIMARY KEY, user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    notification_type text NOT NULL, from_user_id uuid REFERENCES users ON DELETE SET NULL,
    thought_id uuid REFERENCES thoughts ON DELETE CASCADE, read boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE remote_actors (url text PRIMARY KEY, handle text NOT NULL, display_name text, inbox_url text NOT NULL,
    shared_inbox_url text, public_key text NOT NULL, last_fetched_at timestamptz NOT NULL, avatar_url text, outbox_url text, bio text,
    banner_url text, followers_url text, following_url text, also_known_as text[], attachment jsonb DEFAULT '[]');
CREATE TABLE remote_actor_connections (id uuid PRIMARY KEY, actor_url text, connection_type text, page int,
    connected_actor_url text, connected_handle text, connected_display_name text, connected_avatar_url text, fetched_at timestamptz);
CREATE TABLE federation_followers (id uuid PRIMARY KEY, local_user_id uuid REFERENCES users ON DELETE CASCADE,
    remote_actor_url text NOT NULL, status text NOT NULL DEFAULT 'pending', follow_activity_id text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(), UNIQUE (local_user_id, remote_actor_url));
CREATE TABLE federation_following (id uuid PRIMARY KEY, local_user_id uuid REFERENCES users ON DELETE CASCADE,
    remote_actor_url text NOT NULL, follow_activity_id text NOT NULL, outbox_url text, status text NOT NULL DEFAULT 'accepted',
    created_at timestamptz NOT NULL DEFAULT now(), UNIQUE (local_user_id, remote_actor_url));
CREATE TABLE federation_announces (id uuid PRIMARY KEY, activity_id text UNIQUE NOT NULL, object_url text NOT NULL,
    actor_url text NOT NULL, announced_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE federation_blocked_domains (domain text PRIMARY KEY, reason text, blocked_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE federation_blocked_actors (local_user_id uuid REFERENCES users ON DELETE CASCADE, actor_url text,
    created_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (local_user_id, actor_url));
CREATE TABLE federation_processed_activities (activity_id text PRIMARY KEY, processed_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE outbox_events (seq bigserial PRIMARY KEY, aggregate_id uuid, event_type text, payload jsonb,
    created_at timestamptz DEFAULT now(), delivered boolean DEFAULT false, delivered_at timestamptz);
CREATE TABLE failed_events (id uuid PRIMARY KEY, event_type text, payload jsonb, failed_at timestamptz DEFAULT now(),
    retry_at timestamptz, retry_count int DEFAULT 0, last_error text);

-- Their passwords are "correct horse staple" and "correct horse battery", the latter of an older import.
INSERT INTO users (id, username, email, password_hash, display_name, bio, avatar_url, header_url, custom_css, private_key, public_key,
    profile_fields, custom_moods, also_known_as, created_at) VALUES
('00000000-0000-4000-8000-000000000000', 'instance', 'noreply@instance.invalid', '!service-actor-no-login', NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', '[]', NULL, '2026-01-01'),
('0a000000-0000-4000-8000-00000000000a', 'Ann', 'Ann@example.com', '$argon2id$v=19$m=19456,t=2,p=1$8TZQoNwI3N4NwFxWq1i9aA$B7V0Pu7FVHLfdqSHiMlNBxPvMZxsJ+oszHY3XK8MZ6o',
 'Ann A.', 'writes', 'https://social.example.com/media/users/0a000000-0000-4000-8000-00000000000a/avatar.png',
 'https://social.example.com/media/users/0a000000-0000-4000-8000-00000000000a/banner.png', ':root { --primary: 210 40% 98% }',
 '-----BEGIN PRIVATE KEY-----
MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQCx6dABjHGSsMkX
aagZdS3tJzsAN4g0mLqpVt7Z8jYRh5Q+73pLP6cBlV2culmP8cOmNQ/BiGKTcGmq
nQ1v8Jgo/pg/S+b0zOjd48bwYzXbHIyEDhNsW1eTmevkNQMgcoyTWJuHdjyrO5tB
zjjDCGLzW2UQFrjSsRc6uGgm0k6M38neQ+ySOS4aXqPd6xSiw4rHAw+I3MkrTd2a
8AjhUQjnWt87RjAGNZ+AVwYRCzIJ0H6SoO3BD/w3aOsGcDsQ3CAeqUT7EPJgtDsy
TWJLQ27ZJ7bBFm484J5l5tqhiah6xaQVHrwAZrBWbPVeqlltJ5LHWIUpuYsSxscv
wyq56kLFAgMBAAECggEAKDUaIC94P1maqKLlLZOw5Ga4S81BB/n4PWr3hDPcCkwk
sbB3Z+gjuxThihkHQqO1vqtBO1CyTnXaO4ew0LqD+MfI6o0hzfM9MWBXxl31fuZN
z05LD3L5MM9ZY0KjyUJ6CJa+13deMKiQ5udPJqyPiEYAaglojZ0eDdQ9HYDr5aQQ
33NIVC7RudeJb4WvZAQKf5G+4JoMn6zrlKBjLIrMUbaqFKy2RkcD3uFFbL/Q35xo
qUizxDNffNrqZ+s9IsCjyZki+xUhznwFKpn9EMrL/AVn9kqWuGYuRvWPQcVactTq
nBaITkidwyxc1YSpsVjqIlQG+HhKOmoYDAvih/maoQKBgQDqJuW1EL1Y/H+ur/C2
UY+hat7ItgxlOFWgZGOh+l7oeu2CM21HE2GW051W8tASHLEtoqDy+2qMYZ5lYdSS
kVD1okw/qEkcUcsqf0jjGOE3R9Z/+cav/cKjzF2ltLpJ3wzWUTm7b5NdcKWoG3Mf
/+3TS/valzDNa8Q4rFHuDtwZHQKBgQDCg5BYdY4NR5u71Cp4+ZkER09KOPdlxMsj
ufIFTE1kFVTFbEGaTfJmbWjxcCwg2ix3BTx5arpFHw2L7/lxU47+aAVYE9iRxiVX
luA0jI8bz9zoPkVWdCFWcmgjSgglKzp2zpvC3QiyiTxD+51scz9SkYAlZ4ajKRHl
tgj8BtnHyQKBgQDocbLJW5PMmeSa4tf/9dmy8We2Mlr9xL3kGqR5sRW0jgvnm+vY
ihnv46UnIqaBxG/zEKXccM+mCmZ22HZxBccsAXDWJNZnQZ+BUZhmsVUqTqtWofum
zDAD8SXqEQ55tO6Gd13rf2j4cpJQ3ucbljJe9uhPaJWu51OEuzQeMiw21QKBgBM3
wmwq+STwvT86gBPBvU+B6CCSLkc8wUE/Xt0NI9xOiziSMI0ZRGjASI0KIyH/zELa
HpZ0aADqR4Fa7U84DTmvd0+zbkNAy3Gy82XduUnrKI09kcYv5RdQaF+MMe/SLI2O
bi87fV9+VZj15CDR5iC3RWzspI28QgtrB8o2tw+ZAoGAVJKjpjXfIqWwxADoAtU/
9b9kKORD79JR94RDCrLLFT1Xf1n9+PQmLe+YMB5Fm4ZlT2vzFLVyKUWL4GzXuP8x
kMbFbi5mOa7AEmi/Ctj49EB97FAqSJJDjye4BAaxxJU6DH8N0ya0KsAWXl6IyQqN
kpRE8WR6XSOSZlt73baWtvk=
-----END PRIVATE KEY-----', '-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAsenQAYxxkrDJF2moGXUt
7Sc7ADeINJi6qVbe2fI2EYeUPu96Sz+nAZVdnLpZj/HDpjUPwYhik3Bpqp0Nb/CY
KP6YP0vm9Mzo3ePG8GM12xyMhA4TbFtXk5nr5DUDIHKMk1ibh3Y8qzubQc44wwhi
81tlEBa40rEXOrhoJtJOjN/J3kPskjkuGl6j3esUosOKxwMPiNzJK03dmvAI4VEI
51rfO0YwBjWfgFcGEQsyCdB+kqDtwQ/8N2jrBnA7ENwgHqlE+xDyYLQ7Mk1iS0Nu
2Se2wRZuPOCeZebaoYmoesWkFR68AGawVmz1XqpZbSeSx1iFKbmLEsbHL8MquepC
xQIDAQAB
-----END PUBLIC KEY-----',
 '[{"name":"site","value":"ann.example"}]', '[{"name":"happy","value":"🙂"}]', 'https://old.example/ann', '2026-02-01 08:00:00.123456+00'),
('0b000000-0000-4000-8000-00000000000b', 'ben', 'ben@example.com', '$2b$06$abcdefghijklmnopqrstuu50eFBEC8vQwBnuFXMHE45jBnqvQ8xz.',
 NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', '[]', NULL, '2026-02-02'),
('0c000000-0000-4000-8000-00000000000c', 'cat', 'cat@example.com', 'not a hash', NULL, NULL,
 'https://social.example.com/media/users/0c000000-0000-4000-8000-00000000000c/avatar.avif', NULL, NULL, NULL, NULL, '[]', '[]', NULL, '2026-02-03');
INSERT INTO users (id, username, email, password_hash, display_name, ap_id, local, created_at) VALUES
('0f000000-0000-4000-8000-00000000000f', 'zoe@there.example', '0f@remote', '', 'Zoe', 'https://there.example/users/zoe', false, '2026-02-04'),
('0f000000-0000-4000-8000-0000000000ff', 'lost@there.example', '0ff@remote', '', NULL, NULL, false, '2026-02-05');
INSERT INTO remote_actors (url, handle, display_name, inbox_url, shared_inbox_url, public_key, last_fetched_at, bio) VALUES
('https://there.example/users/zoe', 'zoe@there.example', 'Zoe Z.', 'https://there.example/users/zoe/inbox', 'https://there.example/inbox', 'PEM', '2026-03-01', '<p>hi<script>x</script></p>'),
('https://there.example/users/yan', '@yan@there.example', NULL, 'https://there.example/users/yan/inbox', NULL, 'PEM', '2026-03-01', NULL);
INSERT INTO thoughts (id, user_id, content, in_reply_to_id, in_reply_to_url, ap_id, visibility, local, note_extensions, mood, created_at, updated_at) VALUES
('10000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-00000000000a', 'A first #thought', NULL, NULL, NULL, 'public', true, NULL, 'happy', '2026-04-01 08:00:00+00', '2026-04-01 09:00:00+00'),
('10000000-0000-4000-8000-000000000002', '0b000000-0000-4000-8000-00000000000b', 'Yes', '10000000-0000-4000-8000-000000000001', 'https://social.example.com/thoughts/10000000-0000-4000-8000-000000000001', NULL, 'unlisted', true, NULL, NULL, '2026-04-02', NULL),
('10000000-0000-4000-8000-000000000003', '0f000000-0000-4000-8000-00000000000f', '<p>from <b>there</b><script>x</script></p>', NULL, NULL, 'https://there.example/notes/1', 'public', false, '{"extra":1}', NULL, '2026-04-03', NULL),
('10000000-0000-4000-8000-000000000004', '0a000000-0000-4000-8000-00000000000a', 'To myself', NULL, NULL, NULL, 'private', true, NULL, NULL, '2026-04-04', NULL),
('10000000-0000-4000-8000-000000000005', '0a000000-0000-4000-8000-00000000000a', 'To whom?', NULL, NULL, NULL, 'whoever', true, NULL, NULL, '2026-04-05', NULL),
('10000000-0000-4000-8000-000000000006', '0b000000-0000-4000-8000-00000000000b', 'A secret for @ann', NULL, NULL, NULL, 'private', true, NULL, NULL, '2026-04-06', NULL);
INSERT INTO tags (name) VALUES ('thought');
INSERT INTO thought_tags VALUES ('10000000-0000-4000-8000-000000000001', 1);
INSERT INTO follows (follower_id, following_id, state) VALUES
('0a000000-0000-4000-8000-00000000000a', '0b000000-0000-4000-8000-00000000000b', 'accepted'),
('0b000000-0000-4000-8000-00000000000b', '0a000000-0000-4000-8000-00000000000a', 'pending');
INSERT INTO federation_followers (id, local_user_id, remote_actor_url, status, follow_activity_id) VALUES
('20000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-00000000000a', 'https://there.example/users/zoe', 'accepted', 'https://there.example/follows/1'),
('20000000-0000-4000-8000-000000000002', '0a000000-0000-4000-8000-00000000000a', 'https://there.example/users/yan', 'rejected', 'https://there.example/follows/2');
INSERT INTO federation_following (id, local_user_id, remote_actor_url, status, follow_activity_id) VALUES
('30000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-00000000000a', 'https://there.example/users/zoe', 'accepted', 'https://social.example.com/f/1'),
('30000000-0000-4000-8000-000000000002', '0b000000-0000-4000-8000-00000000000b', 'https://there.example/users/yan', 'pending', 'https://social.example.com/f/2');
INSERT INTO top_friends VALUES ('0a000000-0000-4000-8000-00000000000a', '0b000000-0000-4000-8000-00000000000b', 1);
INSERT INTO blocks (blocker_id, blocked_id) VALUES ('0a000000-0000-4000-8000-00000000000a', '0c000000-0000-4000-8000-00000000000c');
INSERT INTO federation_blocked_actors (local_user_id, actor_url) VALUES ('0a000000-0000-4000-8000-00000000000a', 'https://there.example/users/yan');
INSERT INTO federation_blocked_domains (domain, reason) VALUES ('Spam.example', 'spam');
INSERT INTO likes (id, user_id, thought_id) VALUES ('40000000-0000-4000-8000-000000000001', '0b000000-0000-4000-8000-00000000000b', '10000000-0000-4000-8000-000000000001');
INSERT INTO boosts (id, user_id, thought_id) VALUES ('50000000-0000-4000-8000-000000000001', '0b000000-0000-4000-8000-00000000000b', '10000000-0000-4000-8000-000000000003');
INSERT INTO federation_announces (id, activity_id, object_url, actor_url) VALUES
('60000000-0000-4000-8000-000000000001', 'https://there.example/announces/1', 'https://social.example.com/thoughts/10000000-0000-4000-8000-000000000001', 'https://there.example/users/zoe'),
('60000000-0000-4000-8000-000000000002', 'https://there.example/announces/2', 'https://elsewhere.example/1', 'https://there.example/users/zoe');
INSERT INTO notifications (id, user_id, notification_type, from_user_id, thought_id, read, created_at) VALUES
('70000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-00000000000a', 'like', '0b000000-0000-4000-8000-00000000000b', '10000000-0000-4000-8000-000000000001', true, '2026-04-02'),
('70000000-0000-4000-8000-000000000002', '0a000000-0000-4000-8000-00000000000a', 'reply', '0b000000-0000-4000-8000-00000000000b', '10000000-0000-4000-8000-000000000002', false, '2026-04-02'),
('70000000-0000-4000-8000-000000000003', '0a000000-0000-4000-8000-00000000000a', 'follow', NULL, NULL, false, '2026-04-02');
INSERT INTO api_keys (id, user_id, key_hash, name) VALUES
('80000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-00000000000a', '762c08fc17a1cc5f00d248f8b50f2f2f4d17ff2934ac31e64deacb3f5bb3f2ec', 'script'),
('80000000-0000-4000-8000-000000000002', '0a000000-0000-4000-8000-00000000000a', 'old-key', 'none');
INSERT INTO outbox_events (event_type) VALUES ('ThoughtCreated');
