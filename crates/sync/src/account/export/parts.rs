//! Which tables an export reads, and how.

use super::column::Form::{self, Bool, Bytes, Int, Json, Text, Time};
use super::page::Key;

/// The rows of one table that belong to an account, or to a session of it.
#[derive(Debug)]
pub(super) struct Part {
    /// What its lines are called.
    pub(super) kind: &'static str,
    /// Keys and sizes in bytes of the owner ($1), from a key ($2) on, at most so many ($3), in order.
    pub(super) keys: &'static str,
    /// The rows of the owner ($1) from one key ($2) to another ($3), in order.
    pub(super) rows: &'static str,
    pub(super) columns: &'static [(&'static str, Form)],
    is_numbered: bool,
}

impl Part {
    const fn new(
        kind: &'static str,
        keys: &'static str,
        rows: &'static str,
        columns: &'static [(&'static str, Form)],
    ) -> Self {
        Self { kind, keys, rows, columns, is_numbered: false }
    }

    const fn numbered(self) -> Self {
        Self { is_numbered: true, ..self }
    }

    /// A key that comes before all others.
    pub(super) fn start(&self) -> Key {
        if self.is_numbered { Key::Int(i64::MIN) } else { Key::Text(String::new()) }
    }
}

/// What belongs to the account itself.
pub(super) const OF_ACCOUNT: [Part; 9] = [
    Part::new(
        "account",
        "SELECT id, COALESCE(OCTET_LENGTH(settings), 0) FROM sync_accounts
         WHERE id = $1 AND id >= $2 ORDER BY id LIMIT $3",
        "SELECT id, public_key, username, first_name, last_name, avatar, github_profile, settings, settings_version,
             voice_name, created_at, updated_at
         FROM sync_accounts WHERE id = $1 AND id BETWEEN $2 AND $3",
        &[
            ("id", Text),
            ("publicKey", Text),
            ("username", Text),
            ("firstName", Text),
            ("lastName", Text),
            ("avatar", Json),
            ("github", Json),
            ("settings", Text),
            ("settingsVersion", Int),
            ("voiceName", Text),
            ("createdAt", Time),
            ("updatedAt", Time),
        ],
    ),
    Part::new(
        "token",
        "SELECT id, 100 FROM sync_tokens WHERE account_id = $1 AND id >= $2 ORDER BY id LIMIT $3",
        "SELECT id, origin, client, created_at, last_used_at FROM sync_tokens
         WHERE account_id = $1 AND id BETWEEN $2 AND $3 ORDER BY id",
        &[("id", Text), ("origin", Text), ("client", Text), ("createdAt", Time), ("lastUsedAt", Time)],
    ),
    Part::new(
        "pushToken",
        "SELECT id, 1024 FROM sync_push_tokens WHERE account_id = $1 AND id >= $2 ORDER BY id LIMIT $3",
        "SELECT id, token, created_at, updated_at FROM sync_push_tokens
         WHERE account_id = $1 AND id BETWEEN $2 AND $3 ORDER BY id",
        &[("id", Text), ("token", Text), ("createdAt", Time), ("updatedAt", Time)],
    ),
    Part::new(
        "relationship",
        "SELECT to_account, 100 FROM sync_relationships
         WHERE from_account = $1 AND to_account >= $2 ORDER BY to_account LIMIT $3",
        "SELECT to_account, status, notified_at, updated_at FROM sync_relationships
         WHERE from_account = $1 AND to_account BETWEEN $2 AND $3 ORDER BY to_account",
        &[("to", Text), ("status", Text), ("notifiedAt", Time), ("updatedAt", Time)],
    ),
    Part::new(
        "feedItem",
        "SELECT counter, OCTET_LENGTH(body) FROM sync_feed_items
         WHERE account_id = $1 AND counter >= $2 ORDER BY counter LIMIT $3",
        "SELECT counter, id, repeat_key, body, created_at FROM sync_feed_items
         WHERE account_id = $1 AND counter BETWEEN $2 AND $3 ORDER BY counter",
        &[("counter", Int), ("id", Text), ("repeatKey", Text), ("body", Json), ("createdAt", Time)],
    )
    .numbered(),
    Part::new(
        "value",
        "SELECT key, COALESCE(OCTET_LENGTH(value), 0) FROM sync_values
         WHERE account_id = $1 AND key >= $2 ORDER BY key LIMIT $3",
        "SELECT key, value, version, updated_at FROM sync_values
         WHERE account_id = $1 AND key BETWEEN $2 AND $3 ORDER BY key",
        &[("key", Text), ("value", Bytes), ("version", Int), ("updatedAt", Time)],
    ),
    Part::new(
        "usageReport",
        "SELECT id, OCTET_LENGTH(tokens) + OCTET_LENGTH(cost) FROM sync_usage_reports
         WHERE account_id = $1 AND id >= $2 ORDER BY id LIMIT $3",
        "SELECT id, NULLIF(session_id, ''), key, tokens, cost, created_at, updated_at FROM sync_usage_reports
         WHERE account_id = $1 AND id BETWEEN $2 AND $3 ORDER BY id",
        &[
            ("id", Text),
            ("sessionId", Text),
            ("key", Text),
            ("tokens", Json),
            ("cost", Json),
            ("createdAt", Time),
            ("updatedAt", Time),
        ],
    ),
    Part::new(
        "machine",
        "SELECT id, OCTET_LENGTH(metadata) + COALESCE(OCTET_LENGTH(daemon_state), 0) FROM sync_machines
         WHERE account_id = $1 AND id >= $2 ORDER BY id LIMIT $3",
        "SELECT id, metadata, metadata_version, daemon_state, daemon_state_version, data_key, active, active_at,
             created_at, updated_at
         FROM sync_machines WHERE account_id = $1 AND id BETWEEN $2 AND $3 ORDER BY id",
        &[
            ("id", Text),
            ("metadata", Text),
            ("metadataVersion", Int),
            ("daemonState", Text),
            ("daemonStateVersion", Int),
            ("dataEncryptionKey", Bytes),
            ("active", Bool),
            ("activeAt", Time),
            ("createdAt", Time),
            ("updatedAt", Time),
        ],
    ),
    Part::new(
        "artifact",
        "SELECT id, OCTET_LENGTH(header) + OCTET_LENGTH(body) FROM sync_artifacts
         WHERE account_id = $1 AND id >= $2 ORDER BY id LIMIT $3",
        "SELECT id, header, header_version, body, body_version, data_key, seq, created_at, updated_at
         FROM sync_artifacts WHERE account_id = $1 AND id BETWEEN $2 AND $3 ORDER BY id",
        &[
            ("id", Text),
            ("header", Bytes),
            ("headerVersion", Int),
            ("body", Bytes),
            ("bodyVersion", Int),
            ("dataEncryptionKey", Bytes),
            ("seq", Int),
            ("createdAt", Time),
            ("updatedAt", Time),
        ],
    ),
];

/// The sessions of an account.
pub(super) const SESSIONS: Part = Part::new(
    "session",
    "SELECT id, OCTET_LENGTH(metadata) + COALESCE(OCTET_LENGTH(agent_state), 0) FROM sync_sessions
     WHERE account_id = $1 AND id >= $2 ORDER BY id LIMIT $3",
    "SELECT id, tag, seq, metadata, metadata_version, agent_state, agent_state_version, data_key, active, active_at,
         created_at, updated_at
     FROM sync_sessions WHERE account_id = $1 AND id BETWEEN $2 AND $3 ORDER BY id",
    &[
        ("id", Text),
        ("tag", Text),
        ("seq", Int),
        ("metadata", Text),
        ("metadataVersion", Int),
        ("agentState", Text),
        ("agentStateVersion", Int),
        ("dataEncryptionKey", Bytes),
        ("active", Bool),
        ("activeAt", Time),
        ("createdAt", Time),
        ("updatedAt", Time),
    ],
);

/// What belongs to a session.
pub(super) const OF_SESSION: [Part; 2] = [
    Part::new(
        "message",
        "SELECT seq, OCTET_LENGTH(content) FROM sync_messages
         WHERE session_id = $1 AND seq >= $2 ORDER BY seq LIMIT $3",
        "SELECT session_id, seq, id, local_id, content, created_at FROM sync_messages
         WHERE session_id = $1 AND seq BETWEEN $2 AND $3 ORDER BY seq",
        &[
            ("sessionId", Text),
            ("seq", Int),
            ("id", Text),
            ("localId", Text),
            ("content", Text),
            ("createdAt", Time),
        ],
    )
    .numbered(),
    Part::new(
        "accessKey",
        "SELECT machine_id, OCTET_LENGTH(data) FROM sync_access_keys
         WHERE session_id = $1 AND machine_id >= $2 ORDER BY machine_id LIMIT $3",
        "SELECT session_id, machine_id, data, version, created_at, updated_at FROM sync_access_keys
         WHERE session_id = $1 AND machine_id BETWEEN $2 AND $3 ORDER BY machine_id",
        &[
            ("sessionId", Text),
            ("machineId", Text),
            ("data", Text),
            ("dataVersion", Int),
            ("createdAt", Time),
            ("updatedAt", Time),
        ],
    ),
];

/// The attachments of a session; their content may be elsewhere and is added to each.
pub(super) const ATTACHMENTS: Part = Part::new(
    "attachment",
    "SELECT name, 100 FROM sync_attachments WHERE session_id = $1 AND name >= $2 ORDER BY name LIMIT $3",
    "SELECT session_id, name, size, created_at FROM sync_attachments
     WHERE session_id = $1 AND name BETWEEN $2 AND $3 ORDER BY name",
    &[("sessionId", Text), ("name", Text), ("size", Int), ("createdAt", Time)],
);
