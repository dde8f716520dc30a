//! Writing what is new.

use serde_json::json;
use store::{Conn, Engine, v};

use super::Numbered;

pub(super) fn insert(conn: &mut Conn<'_>, new: &[Numbered<'_>]) -> Result<(), store::Error> {
    if conn.engine() == Engine::Postgres {
        return insert_all(conn, new);
    }
    for Numbered { seq, message } in new {
        conn.execute(
            "INSERT INTO sync_messages (session_id, seq, id, local_id, content, created_at)
             VALUES ($1, $2, $3, $4, $5, $6)",
            &[
                v(&*message.session_id),
                v(*seq),
                v(&*message.id),
                v(message.local_id.as_deref()),
                v(&*message.content.c),
                v(message.created_at.0),
            ],
        )?;
    }
    Ok(())
}

fn insert_all(conn: &mut Conn<'_>, new: &[Numbered<'_>]) -> Result<(), store::Error> {
    if new.is_empty() {
        return Ok(());
    }
    let messages = || new.iter().map(|it| it.message);
    let sessions: Vec<_> = messages().map(|it| Some(&*it.session_id)).collect();
    let seqs: Vec<i64> = new.iter().map(|it| it.seq).collect();
    let ids: Vec<_> = messages().map(|it| Some(&*it.id)).collect();
    let names: Vec<_> = messages().map(|it| it.local_id.as_deref()).collect();
    let contents: Vec<_> = messages().map(|it| Some(&*it.content.c)).collect();
    let times: Vec<i64> = messages().map(|it| it.created_at.0).collect();
    conn.execute(
        "INSERT INTO sync_messages (session_id, seq, id, local_id, content, created_at)
         SELECT * FROM unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::bigint[])",
        &[
            v(sessions.as_slice()),
            v(seqs.as_slice()),
            v(ids.as_slice()),
            v(names.as_slice()),
            v(contents.as_slice()),
            v(times.as_slice()),
        ],
    )?;
    Ok(())
}

/// A session goes on after the newest of its messages.
pub(super) fn raise_numbers<'s>(
    conn: &mut Conn<'_>,
    newest: impl Iterator<Item = (&'s str, i64)>,
) -> Result<(), store::Error> {
    if conn.engine() == Engine::Sqlite {
        conn.execute(
            "UPDATE sync_sessions SET seq = k.value ->> 1 FROM json_each($1) AS k
             WHERE sync_sessions.id = k.value ->> 0 AND sync_sessions.seq < k.value ->> 1",
            &[v(&json!(newest.collect::<Vec<_>>()).to_string())],
        )?;
        return Ok(());
    }
    let (sessions, seqs): (Vec<_>, Vec<_>) = newest.map(|(session, seq)| (Some(session), seq)).unzip();
    conn.execute(
        "UPDATE sync_sessions SET seq = k.seq FROM unnest($1::text[], $2::bigint[]) AS k (id, seq)
         WHERE sync_sessions.id = k.id AND sync_sessions.seq < k.seq",
        &[v(sessions.as_slice()), v(seqs.as_slice())],
    )?;
    Ok(())
}
