-- Tier: state. A microblog. See 001_social.sqlite.sql for the comments.

CREATE TABLE social_users (
    id                BIGINT PRIMARY KEY,
    uuid              TEXT    NOT NULL UNIQUE,
    did               TEXT    UNIQUE,
    username          TEXT    NOT NULL,
    host              TEXT,
    handle_key        TEXT    NOT NULL UNIQUE,
    kind              TEXT    NOT NULL DEFAULT 'Person',
    display_name      TEXT,
    bio               TEXT,
    avatar_url        TEXT,
    header_url        TEXT,
    custom_css        TEXT,
    profile_fields    TEXT    NOT NULL DEFAULT '[]',
    custom_moods      TEXT    NOT NULL DEFAULT '[]',
    ap_id             TEXT    UNIQUE,
    url               TEXT,
    also_known_as     TEXT    NOT NULL DEFAULT '[]',
    moved_to          TEXT,
    moved_at          BIGINT,
    approves_follows  BIGINT NOT NULL DEFAULT 0 CHECK (approves_follows IN (0, 1)),
    role              TEXT    NOT NULL DEFAULT 'user' CHECK (role IN ('user', 'moderator', 'admin')),
    settings          TEXT    NOT NULL DEFAULT '{}',
    created_at        BIGINT NOT NULL,
    updated_at        BIGINT NOT NULL,
    active_at         BIGINT,
    suspended_at      BIGINT,
    silenced_at       BIGINT,
    deleted_at        BIGINT
);
CREATE INDEX social_users_home ON social_users (username) WHERE host IS NULL;
CREATE INDEX social_users_host ON social_users (host) WHERE host IS NOT NULL;
CREATE INDEX social_users_active ON social_users (active_at) WHERE host IS NULL;

CREATE TABLE social_user_counts (
    user_id   BIGINT PRIMARY KEY REFERENCES social_users (id) ON DELETE CASCADE,
    thoughts  BIGINT NOT NULL DEFAULT 0,
    followers BIGINT NOT NULL DEFAULT 0,
    following BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE social_credentials (
    user_id       BIGINT PRIMARY KEY REFERENCES social_users (id) ON DELETE CASCADE,
    email         TEXT    UNIQUE,
    password_hash TEXT,
    changed_at    BIGINT NOT NULL
);

CREATE TABLE social_keys (
    user_id     BIGINT PRIMARY KEY REFERENCES social_users (id) ON DELETE CASCADE,
    public_key  TEXT    NOT NULL,
    private_key TEXT    NOT NULL,
    created_at  BIGINT NOT NULL
);

CREATE TABLE social_api_keys (
    id         BIGINT PRIMARY KEY,
    uuid       TEXT    NOT NULL UNIQUE,
    user_id    BIGINT NOT NULL REFERENCES social_users (id) ON DELETE CASCADE,
    key_hash   TEXT    NOT NULL UNIQUE,
    name       TEXT    NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX social_api_keys_user ON social_api_keys (user_id);

CREATE TABLE social_remote_actors (
    user_id          BIGINT PRIMARY KEY REFERENCES social_users (id) ON DELETE CASCADE,
    inbox            TEXT    NOT NULL,
    shared_inbox     TEXT,
    outbox           TEXT,
    followers        TEXT,
    following        TEXT,
    featured         TEXT,
    key_id           TEXT,
    public_key       TEXT,
    fetched_at       BIGINT NOT NULL,
    posts_fetched_at BIGINT
);
CREATE INDEX social_remote_actors_key ON social_remote_actors (key_id);
CREATE INDEX social_remote_actors_followers ON social_remote_actors (followers);

CREATE TABLE social_follows (
    follower    BIGINT NOT NULL REFERENCES social_users (id) ON DELETE CASCADE,
    followed    BIGINT NOT NULL REFERENCES social_users (id) ON DELETE CASCADE,
    state       TEXT    NOT NULL CHECK (state IN ('pending', 'accepted')),
    activity_id TEXT,
    show_boosts BIGINT NOT NULL DEFAULT 1 CHECK (show_boosts IN (0, 1)),
    notify      BIGINT NOT NULL DEFAULT 0 CHECK (notify IN (0, 1)),
    sent_at     BIGINT,
    created_at  BIGINT NOT NULL,
    PRIMARY KEY (follower, followed),
    CHECK (follower <> followed)
);
CREATE INDEX social_follows_followed ON social_follows (followed, state, follower);
CREATE INDEX social_follows_activity ON social_follows (activity_id) WHERE activity_id IS NOT NULL;
CREATE INDEX social_follows_pending ON social_follows (sent_at) WHERE state = 'pending' AND sent_at IS NOT NULL;

CREATE TABLE social_top_friends (
    user_id   BIGINT NOT NULL REFERENCES social_users (id) ON DELETE CASCADE,
    friend_id BIGINT NOT NULL REFERENCES social_users (id) ON DELETE CASCADE,
    position  BIGINT NOT NULL CHECK (position BETWEEN 1 AND 5),
    PRIMARY KEY (user_id, friend_id),
    UNIQUE (user_id, position)
);
CREATE INDEX social_top_friends_friend ON social_top_friends (friend_id);

CREATE TABLE social_blocks (
    blocker     BIGINT NOT NULL REFERENCES social_users (id) ON DELETE CASCADE,
    blocked     BIGINT NOT NULL REFERENCES social_users (id) ON DELETE CASCADE,
    activity_id TEXT,
    created_at  BIGINT NOT NULL,
    PRIMARY KEY (blocker, blocked),
    CHECK (blocker <> blocked)
);
CREATE INDEX social_blocks_blocked ON social_blocks (blocked, blocker);

CREATE TABLE social_mutes (
    muter         BIGINT NOT NULL REFERENCES social_users (id) ON DELETE CASCADE,
    muted         BIGINT NOT NULL REFERENCES social_users (id) ON DELETE CASCADE,
    notifications BIGINT NOT NULL DEFAULT 1 CHECK (notifications IN (0, 1)),
    ends_at       BIGINT,
    created_at    BIGINT NOT NULL,
    PRIMARY KEY (muter, muted),
    CHECK (muter <> muted)
);
CREATE INDEX social_mutes_muted ON social_mutes (muted);

CREATE TABLE social_user_domain_blocks (
    user_id    BIGINT NOT NULL REFERENCES social_users (id) ON DELETE CASCADE,
    domain     TEXT    NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, domain)
);

CREATE TABLE social_domains (
    domain     TEXT    PRIMARY KEY,
    rule       TEXT    NOT NULL CHECK (rule IN ('allow', 'silence', 'suspend')),
    reason     TEXT,
    created_at BIGINT NOT NULL
);

CREATE TABLE social_thoughts (
    id              BIGINT PRIMARY KEY,
    uuid            TEXT    NOT NULL UNIQUE,
    user_id         BIGINT NOT NULL REFERENCES social_users (id) ON DELETE CASCADE,
    content         TEXT    NOT NULL,
    search_text     TEXT    NOT NULL,
    thread_id       BIGINT NOT NULL,
    in_reply_to_id  BIGINT REFERENCES social_thoughts (id) ON DELETE SET NULL,
    in_reply_to_url TEXT,
    ap_id           TEXT    UNIQUE,
    url             TEXT,
    visibility      TEXT    NOT NULL CHECK (visibility IN ('public', 'unlisted', 'followers', 'private')),
    content_warning TEXT,
    sensitive       BIGINT NOT NULL DEFAULT 0 CHECK (sensitive IN (0, 1)),
    local           BIGINT NOT NULL CHECK (local IN (0, 1)),
    language        TEXT,
    note_extensions TEXT,
    mood            TEXT,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT
);
CREATE INDEX social_thoughts_user ON social_thoughts (user_id, id, visibility, in_reply_to_id);
-- local comes first so that SQLite takes this one for what was written here, however much came from elsewhere.
CREATE INDEX social_thoughts_public ON social_thoughts (local, id) WHERE local = 1 AND visibility = 'public';
CREATE INDEX social_thoughts_federated ON social_thoughts (id) WHERE visibility = 'public';
CREATE INDEX social_thoughts_thread ON social_thoughts (thread_id, id);
CREATE INDEX social_thoughts_reply ON social_thoughts (in_reply_to_id, id) WHERE in_reply_to_id IS NOT NULL;
CREATE INDEX social_thoughts_orphans ON social_thoughts (in_reply_to_url)
    WHERE in_reply_to_id IS NULL AND in_reply_to_url IS NOT NULL;

CREATE TABLE social_thought_counts (
    thought_id BIGINT PRIMARY KEY REFERENCES social_thoughts (id) ON DELETE CASCADE,
    likes      BIGINT NOT NULL DEFAULT 0,
    boosts     BIGINT NOT NULL DEFAULT 0,
    replies    BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE social_attachments (
    id          BIGINT PRIMARY KEY,
    uuid        TEXT    NOT NULL UNIQUE,
    user_id     BIGINT NOT NULL REFERENCES social_users (id) ON DELETE CASCADE,
    thought_id  BIGINT REFERENCES social_thoughts (id) ON DELETE CASCADE,
    position    BIGINT NOT NULL DEFAULT 0,
    media_type  TEXT    NOT NULL,
    path        TEXT,
    remote_url  TEXT,
    width       BIGINT,
    height      BIGINT,
    blurhash    TEXT,
    description TEXT,
    focus       TEXT,
    created_at  BIGINT NOT NULL
);
CREATE INDEX social_attachments_thought ON social_attachments (thought_id, position);
CREATE INDEX social_attachments_unused ON social_attachments (created_at) WHERE thought_id IS NULL;

CREATE TABLE social_tags (
    id   BIGINT PRIMARY KEY,
    name TEXT    NOT NULL UNIQUE
);

CREATE TABLE social_thought_tags (
    tag_id     BIGINT NOT NULL REFERENCES social_tags (id) ON DELETE CASCADE,
    thought_id BIGINT NOT NULL REFERENCES social_thoughts (id) ON DELETE CASCADE,
    PRIMARY KEY (tag_id, thought_id)
);
CREATE INDEX social_thought_tags_thought ON social_thought_tags (thought_id, tag_id);

CREATE TABLE social_thought_mentions (
    thought_id BIGINT NOT NULL REFERENCES social_thoughts (id) ON DELETE CASCADE,
    name       TEXT    NOT NULL,
    user_id    BIGINT REFERENCES social_users (id) ON DELETE CASCADE,
    PRIMARY KEY (thought_id, name)
);
CREATE INDEX social_thought_mentions_user ON social_thought_mentions (user_id, thought_id) WHERE user_id IS NOT NULL;

CREATE TABLE social_likes (
    id         BIGINT PRIMARY KEY,
    uuid       TEXT    NOT NULL UNIQUE,
    user_id    BIGINT NOT NULL REFERENCES social_users (id) ON DELETE CASCADE,
    thought_id BIGINT NOT NULL REFERENCES social_thoughts (id) ON DELETE CASCADE,
    ap_id      TEXT    UNIQUE,
    created_at BIGINT NOT NULL,
    UNIQUE (user_id, thought_id)
);
CREATE INDEX social_likes_thought ON social_likes (thought_id, id);
CREATE INDEX social_likes_user ON social_likes (user_id, id);

CREATE TABLE social_boosts (
    id         BIGINT PRIMARY KEY,
    uuid       TEXT    NOT NULL UNIQUE,
    user_id    BIGINT NOT NULL REFERENCES social_users (id) ON DELETE CASCADE,
    thought_id BIGINT NOT NULL REFERENCES social_thoughts (id) ON DELETE CASCADE,
    ap_id      TEXT    UNIQUE,
    created_at BIGINT NOT NULL,
    UNIQUE (user_id, thought_id)
);
CREATE INDEX social_boosts_thought ON social_boosts (thought_id, id);
CREATE INDEX social_boosts_user ON social_boosts (user_id, id, thought_id);

CREATE TABLE social_bookmarks (
    id         BIGINT PRIMARY KEY,
    user_id    BIGINT NOT NULL REFERENCES social_users (id) ON DELETE CASCADE,
    thought_id BIGINT NOT NULL REFERENCES social_thoughts (id) ON DELETE CASCADE,
    UNIQUE (user_id, thought_id)
);
CREATE INDEX social_bookmarks_user ON social_bookmarks (user_id, id);
CREATE INDEX social_bookmarks_thought ON social_bookmarks (thought_id);

CREATE TABLE social_notifications (
    id           BIGINT PRIMARY KEY,
    uuid         TEXT    NOT NULL UNIQUE,
    user_id      BIGINT NOT NULL REFERENCES social_users (id) ON DELETE CASCADE,
    kind         TEXT    NOT NULL CHECK (kind IN ('like', 'boost', 'follow', 'follow_request', 'reply', 'mention', 'status', 'update')),
    from_user_id BIGINT NOT NULL REFERENCES social_users (id) ON DELETE CASCADE,
    thought_id   BIGINT REFERENCES social_thoughts (id) ON DELETE CASCADE,
    read         BIGINT NOT NULL DEFAULT 0 CHECK (read IN (0, 1)),
    created_at   BIGINT NOT NULL
);
CREATE UNIQUE INDEX social_notifications_once ON social_notifications (user_id, kind, from_user_id, coalesce(thought_id, 0));
CREATE INDEX social_notifications_user ON social_notifications (user_id, id);
CREATE INDEX social_notifications_unread ON social_notifications (user_id) WHERE read = 0;
CREATE INDEX social_notifications_from ON social_notifications (from_user_id);
CREATE INDEX social_notifications_thought ON social_notifications (thought_id) WHERE thought_id IS NOT NULL;

CREATE TABLE social_reports (
    id          BIGINT PRIMARY KEY,
    uuid        TEXT    NOT NULL UNIQUE,
    reporter_id BIGINT REFERENCES social_users (id) ON DELETE SET NULL,
    target_id   BIGINT NOT NULL REFERENCES social_users (id) ON DELETE CASCADE,
    thoughts    TEXT    NOT NULL DEFAULT '[]',
    category    TEXT    NOT NULL DEFAULT 'other',
    comment     TEXT    NOT NULL DEFAULT '',
    activity_id TEXT    UNIQUE,
    created_at  BIGINT NOT NULL,
    resolved_at BIGINT
);
CREATE INDEX social_reports_open ON social_reports (id) WHERE resolved_at IS NULL;
CREATE INDEX social_reports_target ON social_reports (target_id);
CREATE INDEX social_reports_reporter ON social_reports (reporter_id);

CREATE TABLE social_events (
    seq      BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    data     TEXT    NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0,
    due_at   BIGINT NOT NULL,
    error    TEXT,
    failed   BIGINT NOT NULL DEFAULT 0 CHECK (failed IN (0, 1)),
    created_at BIGINT NOT NULL
);
CREATE INDEX social_events_due ON social_events (due_at, seq) WHERE failed = 0;
CREATE INDEX social_events_failed ON social_events (seq) WHERE failed = 1;

CREATE TABLE social_activities (
    id         BIGINT PRIMARY KEY,
    address    TEXT    NOT NULL UNIQUE,
    sender     BIGINT NOT NULL,
    subject    TEXT,
    body       TEXT    NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX social_activities_subject ON social_activities (subject);
CREATE INDEX social_activities_age ON social_activities (created_at);

CREATE TABLE social_deliveries (
    id          BIGINT PRIMARY KEY,
    activity    BIGINT NOT NULL REFERENCES social_activities (id) ON DELETE CASCADE,
    sender      BIGINT NOT NULL,
    host        TEXT    NOT NULL,
    inbox       TEXT    NOT NULL,
    state       TEXT    NOT NULL CHECK (state IN ('queued', 'delivered', 'failed', 'superseded')),
    attempts    BIGINT NOT NULL DEFAULT 0,
    due_at      BIGINT NOT NULL,
    leased_to   BIGINT NOT NULL DEFAULT 0,
    last_status BIGINT,
    last_error  TEXT,
    settled_at  BIGINT,
    UNIQUE (activity, inbox)
);
CREATE INDEX social_deliveries_due ON social_deliveries (due_at) WHERE state = 'queued';
CREATE INDEX social_deliveries_order ON social_deliveries (host, sender, id) WHERE state = 'queued';
CREATE INDEX social_deliveries_settled ON social_deliveries (settled_at) WHERE settled_at IS NOT NULL;

CREATE TABLE social_hosts (
    host             TEXT    PRIMARY KEY,
    signature_form   TEXT,
    failures         BIGINT NOT NULL DEFAULT 0,
    first_failure_at BIGINT,
    last_success_at  BIGINT,
    retry_at         BIGINT,
    unavailable      BIGINT NOT NULL DEFAULT 0 CHECK (unavailable IN (0, 1))
);

CREATE TABLE social_processed (
    activity_id  TEXT    PRIMARY KEY,
    processed_at BIGINT NOT NULL
);
CREATE INDEX social_processed_age ON social_processed (processed_at);

CREATE TABLE social_tombstones (
    ap_id      TEXT    PRIMARY KEY,
    deleted_at BIGINT NOT NULL
);
CREATE INDEX social_tombstones_age ON social_tombstones (deleted_at);

CREATE TABLE social_connections (
    user_id      BIGINT NOT NULL REFERENCES social_users (id) ON DELETE CASCADE,
    kind         TEXT    NOT NULL CHECK (kind IN ('followers', 'following')),
    position     BIGINT NOT NULL,
    url          TEXT    NOT NULL,
    handle       TEXT    NOT NULL,
    display_name TEXT,
    avatar_url   TEXT,
    fetched_at   BIGINT NOT NULL,
    PRIMARY KEY (user_id, kind, position)
);

CREATE TABLE social_oauth_apps (
    id            BIGINT PRIMARY KEY,
    client_id     TEXT    NOT NULL UNIQUE,
    secret_hash   TEXT    NOT NULL,
    name          TEXT    NOT NULL,
    redirect_uris TEXT    NOT NULL,
    scopes        TEXT    NOT NULL,
    website       TEXT,
    created_at    BIGINT NOT NULL,
    used_at       BIGINT NOT NULL
);
CREATE INDEX social_oauth_apps_unused ON social_oauth_apps (used_at);

CREATE TABLE social_oauth_codes (
    code_hash    TEXT    PRIMARY KEY,
    app_id       BIGINT NOT NULL REFERENCES social_oauth_apps (id) ON DELETE CASCADE,
    user_id      BIGINT NOT NULL REFERENCES social_users (id) ON DELETE CASCADE,
    scopes       TEXT    NOT NULL,
    redirect_uri TEXT    NOT NULL,
    challenge    TEXT,
    ends_at      BIGINT NOT NULL
);
CREATE INDEX social_oauth_codes_age ON social_oauth_codes (ends_at);

CREATE TABLE social_oauth_tokens (
    id         BIGINT PRIMARY KEY,
    token_hash TEXT    NOT NULL UNIQUE,
    app_id     BIGINT NOT NULL REFERENCES social_oauth_apps (id) ON DELETE CASCADE,
    user_id    BIGINT REFERENCES social_users (id) ON DELETE CASCADE,
    scopes     TEXT    NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX social_oauth_tokens_user ON social_oauth_tokens (user_id);
CREATE INDEX social_oauth_tokens_app ON social_oauth_tokens (app_id);

CREATE TABLE social_markers (
    user_id      BIGINT NOT NULL REFERENCES social_users (id) ON DELETE CASCADE,
    timeline     TEXT    NOT NULL CHECK (timeline IN ('home', 'notifications')),
    last_read_id TEXT    NOT NULL,
    version      BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL,
    PRIMARY KEY (user_id, timeline)
);
