-- Tier: state. A microblog at home in the fediverse (spec/social.md §2; docs/social-schema.md maps it to the published migrations).
-- Times are microseconds. Ids are 64 bits whose upper 48 are milliseconds since 1970, so that ids are in the order of time;
-- uuid is what addresses and the REST API show.

-- Everybody, also those at home elsewhere (host is not null), once they matter to somebody here.
CREATE TABLE social_users (
    id                INTEGER PRIMARY KEY,
    uuid              TEXT    NOT NULL UNIQUE,
    did               TEXT    UNIQUE,          -- of the AT Protocol account they sign in with
    username          TEXT    NOT NULL,        -- without the host
    host              TEXT,                    -- with its port, if that is not the default; null at home
    handle_key        TEXT    NOT NULL UNIQUE, -- username or username@host in lower case
    kind              TEXT    NOT NULL DEFAULT 'Person', -- type of the actor
    display_name      TEXT,
    bio               TEXT,                    -- text at home, sanitised HTML elsewhere
    avatar_url        TEXT,                    -- of media here: /media/…
    header_url        TEXT,
    custom_css        TEXT,                    -- sanitised
    profile_fields    TEXT    NOT NULL DEFAULT '[]', -- JSON: [{name, value}]
    custom_moods      TEXT    NOT NULL DEFAULT '[]', -- JSON: [{name, value}]
    ap_id             TEXT    UNIQUE,          -- null at home, where it follows from the uuid
    url               TEXT,                    -- the page of the profile, elsewhere
    also_known_as     TEXT    NOT NULL DEFAULT '[]', -- JSON: addresses of actors
    moved_to          TEXT,                    -- address of an actor
    moved_at          INTEGER,
    approves_follows  INTEGER NOT NULL DEFAULT 0 CHECK (approves_follows IN (0, 1)),
    role              TEXT    NOT NULL DEFAULT 'user' CHECK (role IN ('user', 'moderator', 'admin')),
    settings          TEXT    NOT NULL DEFAULT '{}', -- JSON: defaults of a client
    created_at        INTEGER NOT NULL,
    updated_at        INTEGER NOT NULL,
    active_at         INTEGER,                 -- about when they last did something
    suspended_at      INTEGER,
    silenced_at       INTEGER,
    deleted_at        INTEGER                  -- at home: the row stays, empty, so that the actor answers 410
) STRICT;
CREATE INDEX social_users_home ON social_users (username) WHERE host IS NULL;
CREATE INDEX social_users_host ON social_users (host) WHERE host IS NOT NULL;
CREATE INDEX social_users_active ON social_users (active_at) WHERE host IS NULL;

CREATE TABLE social_user_counts (
    user_id   INTEGER PRIMARY KEY REFERENCES social_users (id) ON DELETE CASCADE,
    thoughts  INTEGER NOT NULL DEFAULT 0,
    followers INTEGER NOT NULL DEFAULT 0, -- accepted
    following INTEGER NOT NULL DEFAULT 0  -- accepted
) STRICT;

CREATE TABLE social_credentials (
    user_id       INTEGER PRIMARY KEY REFERENCES social_users (id) ON DELETE CASCADE,
    email         TEXT    UNIQUE, -- lower case
    password_hash TEXT,           -- PHC string, or bcrypt of an import
    changed_at    INTEGER NOT NULL -- tokens that were made before are not accepted
) STRICT;

-- What those at home sign with.
CREATE TABLE social_keys (
    user_id     INTEGER PRIMARY KEY REFERENCES social_users (id) ON DELETE CASCADE,
    public_key  TEXT    NOT NULL, -- PEM
    private_key TEXT    NOT NULL, -- sealed
    created_at  INTEGER NOT NULL
) STRICT;

CREATE TABLE social_api_keys (
    id         INTEGER PRIMARY KEY,
    uuid       TEXT    NOT NULL UNIQUE,
    user_id    INTEGER NOT NULL REFERENCES social_users (id) ON DELETE CASCADE,
    key_hash   TEXT    NOT NULL UNIQUE, -- SHA-256, hex
    name       TEXT    NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX social_api_keys_user ON social_api_keys (user_id);

-- How to reach those who are at home elsewhere.
CREATE TABLE social_remote_actors (
    user_id          INTEGER PRIMARY KEY REFERENCES social_users (id) ON DELETE CASCADE,
    inbox            TEXT    NOT NULL,
    shared_inbox     TEXT,
    outbox           TEXT,
    followers        TEXT,
    following        TEXT,
    featured         TEXT,
    key_id           TEXT,
    public_key       TEXT,    -- PEM or Multikey
    fetched_at       INTEGER NOT NULL,
    posts_fetched_at INTEGER
) STRICT;
CREATE INDEX social_remote_actors_key ON social_remote_actors (key_id);
CREATE INDEX social_remote_actors_followers ON social_remote_actors (followers);

-- Who follows whom, wherever they are at home.
CREATE TABLE social_follows (
    follower    INTEGER NOT NULL REFERENCES social_users (id) ON DELETE CASCADE,
    followed    INTEGER NOT NULL REFERENCES social_users (id) ON DELETE CASCADE,
    state       TEXT    NOT NULL CHECK (state IN ('pending', 'accepted')),
    activity_id TEXT,                    -- the Follow between servers
    show_boosts INTEGER NOT NULL DEFAULT 1 CHECK (show_boosts IN (0, 1)),
    notify      INTEGER NOT NULL DEFAULT 0 CHECK (notify IN (0, 1)),
    sent_at     INTEGER,                 -- when the Follow was last sent, if it goes elsewhere
    created_at  INTEGER NOT NULL,
    PRIMARY KEY (follower, followed),
    CHECK (follower <> followed)
) STRICT, WITHOUT ROWID;
CREATE INDEX social_follows_followed ON social_follows (followed, state, follower);
CREATE INDEX social_follows_activity ON social_follows (activity_id) WHERE activity_id IS NOT NULL;
CREATE INDEX social_follows_pending ON social_follows (sent_at) WHERE state = 'pending' AND sent_at IS NOT NULL;

CREATE TABLE social_top_friends (
    user_id   INTEGER NOT NULL REFERENCES social_users (id) ON DELETE CASCADE,
    friend_id INTEGER NOT NULL REFERENCES social_users (id) ON DELETE CASCADE,
    position  INTEGER NOT NULL CHECK (position BETWEEN 1 AND 5),
    PRIMARY KEY (user_id, friend_id),
    UNIQUE (user_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX social_top_friends_friend ON social_top_friends (friend_id);

CREATE TABLE social_blocks (
    blocker     INTEGER NOT NULL REFERENCES social_users (id) ON DELETE CASCADE,
    blocked     INTEGER NOT NULL REFERENCES social_users (id) ON DELETE CASCADE,
    activity_id TEXT,
    created_at  INTEGER NOT NULL,
    PRIMARY KEY (blocker, blocked),
    CHECK (blocker <> blocked)
) STRICT, WITHOUT ROWID;
CREATE INDEX social_blocks_blocked ON social_blocks (blocked, blocker);

CREATE TABLE social_mutes (
    muter         INTEGER NOT NULL REFERENCES social_users (id) ON DELETE CASCADE,
    muted         INTEGER NOT NULL REFERENCES social_users (id) ON DELETE CASCADE,
    notifications INTEGER NOT NULL DEFAULT 1 CHECK (notifications IN (0, 1)),
    ends_at       INTEGER,
    created_at    INTEGER NOT NULL,
    PRIMARY KEY (muter, muted),
    CHECK (muter <> muted)
) STRICT, WITHOUT ROWID;
CREATE INDEX social_mutes_muted ON social_mutes (muted);

-- Hosts that one person wants to see nothing of.
CREATE TABLE social_user_domain_blocks (
    user_id    INTEGER NOT NULL REFERENCES social_users (id) ON DELETE CASCADE,
    domain     TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (user_id, domain)
) STRICT, WITHOUT ROWID;

-- Rules of the instance about other hosts, and those below them.
CREATE TABLE social_domains (
    domain     TEXT    PRIMARY KEY,
    rule       TEXT    NOT NULL CHECK (rule IN ('allow', 'silence', 'suspend')),
    reason     TEXT,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE social_thoughts (
    id              INTEGER PRIMARY KEY, -- in the order of created_at
    uuid            TEXT    NOT NULL UNIQUE,
    user_id         INTEGER NOT NULL REFERENCES social_users (id) ON DELETE CASCADE,
    content         TEXT    NOT NULL,    -- text at home, sanitised HTML elsewhere
    search_text     TEXT    NOT NULL,    -- what can be found: text in lower case
    thread_id       INTEGER NOT NULL,    -- the thought that began it all, as far as it is here
    in_reply_to_id  INTEGER REFERENCES social_thoughts (id) ON DELETE SET NULL,
    in_reply_to_url TEXT,                -- also if that is not here
    ap_id           TEXT    UNIQUE,      -- null at home, where it follows from the uuid
    url             TEXT,                -- the page, elsewhere
    visibility      TEXT    NOT NULL CHECK (visibility IN ('public', 'unlisted', 'followers', 'private')),
    content_warning TEXT,
    sensitive       INTEGER NOT NULL DEFAULT 0 CHECK (sensitive IN (0, 1)),
    local           INTEGER NOT NULL CHECK (local IN (0, 1)),
    language        TEXT,
    note_extensions TEXT,                -- JSON
    mood            TEXT,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER              -- of the last edit
) STRICT;
CREATE INDEX social_thoughts_user ON social_thoughts (user_id, id, visibility, in_reply_to_id);
-- local comes first so that SQLite takes this one for what was written here, however much came from elsewhere.
CREATE INDEX social_thoughts_public ON social_thoughts (local, id) WHERE local = 1 AND visibility = 'public';
CREATE INDEX social_thoughts_federated ON social_thoughts (id) WHERE visibility = 'public';
CREATE INDEX social_thoughts_thread ON social_thoughts (thread_id, id);
CREATE INDEX social_thoughts_reply ON social_thoughts (in_reply_to_id, id) WHERE in_reply_to_id IS NOT NULL;
CREATE INDEX social_thoughts_orphans ON social_thoughts (in_reply_to_url)
    WHERE in_reply_to_id IS NULL AND in_reply_to_url IS NOT NULL;

CREATE TABLE social_thought_counts (
    thought_id INTEGER PRIMARY KEY REFERENCES social_thoughts (id) ON DELETE CASCADE,
    likes      INTEGER NOT NULL DEFAULT 0,
    boosts     INTEGER NOT NULL DEFAULT 0,
    replies    INTEGER NOT NULL DEFAULT 0 -- direct ones that are public or unlisted
) STRICT;

CREATE TABLE social_attachments (
    id          INTEGER PRIMARY KEY,
    uuid        TEXT    NOT NULL UNIQUE,
    user_id     INTEGER NOT NULL REFERENCES social_users (id) ON DELETE CASCADE,
    thought_id  INTEGER REFERENCES social_thoughts (id) ON DELETE CASCADE, -- null until it is posted
    position    INTEGER NOT NULL DEFAULT 0,
    media_type  TEXT    NOT NULL,
    path        TEXT,                -- below /media/, at home
    remote_url  TEXT,                -- elsewhere
    width       INTEGER,
    height      INTEGER,
    blurhash    TEXT,
    description TEXT,
    focus       TEXT,                -- "x,y", each from -1 to 1
    created_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX social_attachments_thought ON social_attachments (thought_id, position);
CREATE INDEX social_attachments_unused ON social_attachments (created_at) WHERE thought_id IS NULL;

CREATE TABLE social_tags (
    id   INTEGER PRIMARY KEY,
    name TEXT    NOT NULL UNIQUE -- lower case, at most 50 characters
) STRICT;

-- Only of thoughts that are public, so that a tag's feed is one walk of one index.
CREATE TABLE social_thought_tags (
    tag_id     INTEGER NOT NULL REFERENCES social_tags (id) ON DELETE CASCADE,
    thought_id INTEGER NOT NULL REFERENCES social_thoughts (id) ON DELETE CASCADE,
    PRIMARY KEY (tag_id, thought_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX social_thought_tags_thought ON social_thought_tags (thought_id, tag_id);

CREATE TABLE social_thought_mentions (
    thought_id INTEGER NOT NULL REFERENCES social_thoughts (id) ON DELETE CASCADE,
    name       TEXT    NOT NULL, -- as it is written after the @, in lower case; or the actor's address
    user_id    INTEGER REFERENCES social_users (id) ON DELETE CASCADE, -- once it is known who that is
    PRIMARY KEY (thought_id, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX social_thought_mentions_user ON social_thought_mentions (user_id, thought_id) WHERE user_id IS NOT NULL;

CREATE TABLE social_likes (
    id         INTEGER PRIMARY KEY,
    uuid       TEXT    NOT NULL UNIQUE,
    user_id    INTEGER NOT NULL REFERENCES social_users (id) ON DELETE CASCADE,
    thought_id INTEGER NOT NULL REFERENCES social_thoughts (id) ON DELETE CASCADE,
    ap_id      TEXT    UNIQUE,          -- null at home
    created_at INTEGER NOT NULL,
    UNIQUE (user_id, thought_id)
) STRICT;
CREATE INDEX social_likes_thought ON social_likes (thought_id, id);
CREATE INDEX social_likes_user ON social_likes (user_id, id);

CREATE TABLE social_boosts (
    id         INTEGER PRIMARY KEY,
    uuid       TEXT    NOT NULL UNIQUE,
    user_id    INTEGER NOT NULL REFERENCES social_users (id) ON DELETE CASCADE,
    thought_id INTEGER NOT NULL REFERENCES social_thoughts (id) ON DELETE CASCADE,
    ap_id      TEXT    UNIQUE,          -- null at home
    created_at INTEGER NOT NULL,
    UNIQUE (user_id, thought_id)
) STRICT;
CREATE INDEX social_boosts_thought ON social_boosts (thought_id, id);
CREATE INDEX social_boosts_user ON social_boosts (user_id, id, thought_id);

CREATE TABLE social_bookmarks (
    id         INTEGER PRIMARY KEY,
    user_id    INTEGER NOT NULL REFERENCES social_users (id) ON DELETE CASCADE,
    thought_id INTEGER NOT NULL REFERENCES social_thoughts (id) ON DELETE CASCADE,
    UNIQUE (user_id, thought_id)
) STRICT;
CREATE INDEX social_bookmarks_user ON social_bookmarks (user_id, id);
CREATE INDEX social_bookmarks_thought ON social_bookmarks (thought_id);

CREATE TABLE social_notifications (
    id           INTEGER PRIMARY KEY,
    uuid         TEXT    NOT NULL UNIQUE,
    user_id      INTEGER NOT NULL REFERENCES social_users (id) ON DELETE CASCADE, -- who is told
    kind         TEXT    NOT NULL CHECK (kind IN ('like', 'boost', 'follow', 'follow_request', 'reply', 'mention', 'status', 'update')),
    from_user_id INTEGER NOT NULL REFERENCES social_users (id) ON DELETE CASCADE,
    thought_id   INTEGER REFERENCES social_thoughts (id) ON DELETE CASCADE,
    read         INTEGER NOT NULL DEFAULT 0 CHECK (read IN (0, 1)),
    created_at   INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX social_notifications_once ON social_notifications (user_id, kind, from_user_id, coalesce(thought_id, 0));
CREATE INDEX social_notifications_user ON social_notifications (user_id, id);
CREATE INDEX social_notifications_unread ON social_notifications (user_id) WHERE read = 0;
CREATE INDEX social_notifications_from ON social_notifications (from_user_id);
CREATE INDEX social_notifications_thought ON social_notifications (thought_id) WHERE thought_id IS NOT NULL;

CREATE TABLE social_reports (
    id          INTEGER PRIMARY KEY,
    uuid        TEXT    NOT NULL UNIQUE,
    reporter_id INTEGER REFERENCES social_users (id) ON DELETE SET NULL, -- null: another server, which does not say who
    target_id   INTEGER NOT NULL REFERENCES social_users (id) ON DELETE CASCADE,
    thoughts    TEXT    NOT NULL DEFAULT '[]', -- JSON: uuids
    category    TEXT    NOT NULL DEFAULT 'other',
    comment     TEXT    NOT NULL DEFAULT '',
    activity_id TEXT    UNIQUE,
    created_at  INTEGER NOT NULL,
    resolved_at INTEGER
) STRICT;
CREATE INDEX social_reports_open ON social_reports (id) WHERE resolved_at IS NULL;
CREATE INDEX social_reports_target ON social_reports (target_id);
CREATE INDEX social_reports_reporter ON social_reports (reporter_id);

-- What happened here and others have to be told of (spec/social.md §5). Written in the transaction that it tells of; the federation
-- takes it up, makes deliveries of it and removes it in one transaction.
CREATE TABLE social_events (
    seq      INTEGER PRIMARY KEY AUTOINCREMENT,
    data     TEXT    NOT NULL, -- JSON: {"type": …, "data": {…}}
    attempts INTEGER NOT NULL DEFAULT 0,
    due_at   INTEGER NOT NULL,
    error    TEXT,             -- of the last attempt
    failed   INTEGER NOT NULL DEFAULT 0 CHECK (failed IN (0, 1)), -- given up; people decide
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX social_events_due ON social_events (due_at, seq) WHERE failed = 0;
CREATE INDEX social_events_failed ON social_events (seq) WHERE failed = 1;

-- Activities on their way to others: the body once, and a row for each inbox.
CREATE TABLE social_activities (
    id         INTEGER PRIMARY KEY,
    address    TEXT    NOT NULL UNIQUE, -- the id of the activity
    sender     INTEGER NOT NULL,        -- a user at home
    subject    TEXT,                    -- address of what it is about: a later one supersedes what waits
    body       TEXT    NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX social_activities_subject ON social_activities (subject);
CREATE INDEX social_activities_age ON social_activities (created_at);

CREATE TABLE social_deliveries (
    id          INTEGER PRIMARY KEY,
    activity    INTEGER NOT NULL REFERENCES social_activities (id) ON DELETE CASCADE,
    sender      INTEGER NOT NULL,
    host        TEXT    NOT NULL,
    inbox       TEXT    NOT NULL,
    state       TEXT    NOT NULL CHECK (state IN ('queued', 'delivered', 'failed', 'superseded')),
    attempts    INTEGER NOT NULL DEFAULT 0,
    due_at      INTEGER NOT NULL,
    leased_to   INTEGER NOT NULL DEFAULT 0, -- until then somebody is at it
    last_status INTEGER,
    last_error  TEXT,
    settled_at  INTEGER,
    UNIQUE (activity, inbox)
) STRICT;
CREATE INDEX social_deliveries_due ON social_deliveries (due_at) WHERE state = 'queued';
CREATE INDEX social_deliveries_order ON social_deliveries (host, sender, id) WHERE state = 'queued';
CREATE INDEX social_deliveries_settled ON social_deliveries (settled_at) WHERE settled_at IS NOT NULL;

-- What is known of other hosts.
CREATE TABLE social_hosts (
    host             TEXT    PRIMARY KEY,
    signature_form   TEXT,              -- the one that worked
    failures         INTEGER NOT NULL DEFAULT 0, -- in a row
    first_failure_at INTEGER,
    last_success_at  INTEGER,
    retry_at         INTEGER,           -- nothing is sent before
    unavailable      INTEGER NOT NULL DEFAULT 0 CHECK (unavailable IN (0, 1))
) STRICT, WITHOUT ROWID;

-- Activities of others that have had their effect.
CREATE TABLE social_processed (
    activity_id  TEXT    PRIMARY KEY,
    processed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX social_processed_age ON social_processed (processed_at);

-- What was deleted and must not come back.
CREATE TABLE social_tombstones (
    ap_id      TEXT    PRIMARY KEY,
    deleted_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX social_tombstones_age ON social_tombstones (deleted_at);

-- Who follows those elsewhere and whom they follow, as their servers list it.
CREATE TABLE social_connections (
    user_id      INTEGER NOT NULL REFERENCES social_users (id) ON DELETE CASCADE,
    kind         TEXT    NOT NULL CHECK (kind IN ('followers', 'following')),
    position     INTEGER NOT NULL,
    url          TEXT    NOT NULL,
    handle       TEXT    NOT NULL,
    display_name TEXT,
    avatar_url   TEXT,
    fetched_at   INTEGER NOT NULL,
    PRIMARY KEY (user_id, kind, position)
) STRICT, WITHOUT ROWID;

-- Clients that speak Mastodon's API, and who signed in with them.
CREATE TABLE social_oauth_apps (
    id            INTEGER PRIMARY KEY,
    client_id     TEXT    NOT NULL UNIQUE,
    secret_hash   TEXT    NOT NULL,
    name          TEXT    NOT NULL,
    redirect_uris TEXT    NOT NULL, -- JSON: [string]
    scopes        TEXT    NOT NULL,
    website       TEXT,
    created_at    INTEGER NOT NULL,
    used_at       INTEGER NOT NULL
) STRICT;
CREATE INDEX social_oauth_apps_unused ON social_oauth_apps (used_at);

CREATE TABLE social_oauth_codes (
    code_hash    TEXT    PRIMARY KEY,
    app_id       INTEGER NOT NULL REFERENCES social_oauth_apps (id) ON DELETE CASCADE,
    user_id      INTEGER NOT NULL REFERENCES social_users (id) ON DELETE CASCADE,
    scopes       TEXT    NOT NULL,
    redirect_uri TEXT    NOT NULL,
    challenge    TEXT,              -- S256
    ends_at      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX social_oauth_codes_age ON social_oauth_codes (ends_at);

CREATE TABLE social_oauth_tokens (
    id         INTEGER PRIMARY KEY,
    token_hash TEXT    NOT NULL UNIQUE,
    app_id     INTEGER NOT NULL REFERENCES social_oauth_apps (id) ON DELETE CASCADE,
    user_id    INTEGER REFERENCES social_users (id) ON DELETE CASCADE, -- null: the client for itself
    scopes     TEXT    NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX social_oauth_tokens_user ON social_oauth_tokens (user_id);
CREATE INDEX social_oauth_tokens_app ON social_oauth_tokens (app_id);

CREATE TABLE social_markers (
    user_id      INTEGER NOT NULL REFERENCES social_users (id) ON DELETE CASCADE,
    timeline     TEXT    NOT NULL CHECK (timeline IN ('home', 'notifications')),
    last_read_id TEXT    NOT NULL,
    version      INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL,
    PRIMARY KEY (user_id, timeline)
) STRICT, WITHOUT ROWID;

-- What can be found: pieces of three characters of what thoughts say, and of what people are called. Kept in step by the database.
-- They are no tables of the schema, so whoever puts all tables back leaves these behind.
DROP TABLE IF EXISTS social_thought_search;
DROP TABLE IF EXISTS social_user_search;
CREATE VIRTUAL TABLE social_thought_search USING fts5 (text, content = '', contentless_delete = 1, tokenize = 'trigram');
CREATE TRIGGER social_thought_search_insert AFTER INSERT ON social_thoughts
    BEGIN INSERT INTO social_thought_search (rowid, text) VALUES (new.id, new.search_text); END;
CREATE TRIGGER social_thought_search_update AFTER UPDATE OF search_text ON social_thoughts
    BEGIN
        DELETE FROM social_thought_search WHERE rowid = old.id;
        INSERT INTO social_thought_search (rowid, text) VALUES (new.id, new.search_text);
    END;
CREATE TRIGGER social_thought_search_delete AFTER DELETE ON social_thoughts
    BEGIN DELETE FROM social_thought_search WHERE rowid = old.id; END;

CREATE VIRTUAL TABLE social_user_search USING fts5 (text, content = '', contentless_delete = 1, tokenize = 'trigram');
CREATE TRIGGER social_user_search_insert AFTER INSERT ON social_users
    BEGIN INSERT INTO social_user_search (rowid, text) VALUES (new.id, new.handle_key || ' ' || coalesce(new.display_name, '')); END;
CREATE TRIGGER social_user_search_update AFTER UPDATE OF display_name ON social_users
    BEGIN
        DELETE FROM social_user_search WHERE rowid = old.id;
        INSERT INTO social_user_search (rowid, text) VALUES (new.id, new.handle_key || ' ' || coalesce(new.display_name, ''));
    END;
CREATE TRIGGER social_user_search_delete AFTER DELETE ON social_users
    BEGIN DELETE FROM social_user_search WHERE rowid = old.id; END;
