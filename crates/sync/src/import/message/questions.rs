//! What is asked about the messages of a batch, for SQLite and for PostgreSQL.
//!
//! Parameters are all of them: a list of `[session, number, name, id]` as JSON, or an array of each. Every look-up walks an
//! index, whatever PostgreSQL thinks of how large the tables are: an import begins with empty ones.

macro_rules! of_messages {
    ($select:literal, $each:literal) => {
        concat!(
            $select,
            " FROM unnest($1::text[], $2::bigint[], $3::text[], $4::text[]) AS k (session_id, seq, local_id, id)",
            $each
        )
    };
}

/// The sessions that are here, and the numbers of their newest messages.
pub(super) const SESSIONS: [&str; 2] = [
    "SELECT id, seq FROM sync_sessions WHERE id IN (SELECT value ->> 0 FROM json_each($1))",
    of_messages!(
        "SELECT DISTINCT s.id, s.seq",
        " CROSS JOIN LATERAL (SELECT id, seq FROM sync_sessions WHERE id = k.session_id LIMIT 1) AS s"
    ),
];

/// Messages that have the numbers.
pub(super) const NUMBERED: [&str; 2] = [
    "SELECT m.session_id, m.seq, m.id FROM json_each($1) AS k
     JOIN sync_messages AS m ON m.session_id = k.value ->> 0 AND m.seq = k.value ->> 1",
    of_messages!(
        "SELECT m.session_id, m.seq, m.id",
        " CROSS JOIN LATERAL (SELECT session_id, seq, id FROM sync_messages
                              WHERE session_id = k.session_id AND seq = k.seq LIMIT 1) AS m"
    ),
];

/// Messages that their senders called so.
pub(super) const NAMED: [&str; 2] = [
    "SELECT m.session_id, m.local_id FROM json_each($1) AS k
     JOIN sync_messages AS m ON m.session_id = k.value ->> 0 AND m.local_id = k.value ->> 2",
    of_messages!(
        "SELECT m.session_id, m.local_id",
        " CROSS JOIN LATERAL (SELECT session_id, local_id FROM sync_messages
                              WHERE session_id = k.session_id AND local_id = k.local_id LIMIT 1) AS m"
    ),
];

/// Messages that have the ids: reads through the sessions.
pub(super) const IDENTIFIED: [&str; 2] = [
    "SELECT m.session_id, m.id FROM sync_messages AS m
     WHERE m.session_id IN (SELECT value ->> 0 FROM json_each($1))
       AND (m.session_id, m.id) IN (SELECT value ->> 0, value ->> 3 FROM json_each($1))",
    of_messages!(
        "SELECT m.session_id, m.id",
        " JOIN sync_messages AS m ON m.session_id = k.session_id AND m.id = k.id"
    ),
];
