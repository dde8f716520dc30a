//! Messages of sessions.

use accounts::Imported;
use serde::Deserialize;
use store::{Conn, Value, v};

use super::item::{Item, Seals, Trouble, require_session};
use super::value::Moment;
use crate::wire::{Label, Opaque};

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Message {
    id: Label,
    session_id: Label,
    local_id: Option<Label>,
    seq: i64,
    content: Content,
    created_at: Moment,
}

#[derive(Clone, Deserialize)]
struct Content {
    t: Label,
    c: Opaque,
}

impl Item for Message {
    fn name(&self) -> String {
        self.id.to_string()
    }

    fn put(&self, conn: &mut Conn<'_>, _: &Seals) -> Result<Imported, Trouble> {
        if &*self.content.t != "encrypted" {
            return Err(Trouble::refused(format!("it is of an unknown kind, {:?}", &*self.content.t)));
        }
        if self.seq < 1 {
            return Err(Trouble::refused("its number is not above zero"));
        }
        require_session(conn, &self.session_id, None)?;
        if self.insert(conn, self.seq)? {
            let sql = "UPDATE sync_sessions SET seq = $2 WHERE id = $1 AND seq < $2";
            conn.execute(sql, &[v(&*self.session_id), v(self.seq)])?;
            return Ok(Imported::Added);
        }
        if self.is_here(conn)? {
            return Ok(Imported::Kept);
        }
        // The old server may have given one number twice, and this one may have given it since: it is the next one, then.
        let sql = "UPDATE sync_sessions SET seq = seq + 1 WHERE id = $1 RETURNING seq";
        let seq = conn.query_one(sql, &[v(&*self.session_id)], |row| row.int(0))?;
        self.insert(conn, seq)?;
        Ok(Imported::Added)
    }
}

impl Message {
    /// Whether nothing was in the way.
    fn insert(&self, conn: &mut Conn<'_>, seq: i64) -> Result<bool, store::Error> {
        let added = conn.execute(
            "INSERT INTO sync_messages (session_id, seq, id, local_id, content, created_at)
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
            &[
                v(&*self.session_id),
                v(seq),
                v(&*self.id),
                v(self.local_id.as_deref()),
                v(&*self.content.c),
                v(self.created_at.0),
            ],
        )?;
        Ok(added > 0)
    }

    /// Whether it is here: under its number, under the name its sender gave it, or somewhere in its session.
    fn is_here(&self, conn: &mut Conn<'_>) -> Result<bool, store::Error> {
        let session = v(&*self.session_id);
        let mut found = |sql: &str, key: Value<'_>| {
            Ok::<_, store::Error>(
                conn.query_opt(sql, &[session, key, v(&*self.id)], |row| row.int(0))?.is_some(),
            )
        };
        let numbered = "SELECT 1 FROM sync_messages WHERE session_id = $1 AND seq = $2 AND id = $3";
        let named =
            "SELECT 1 FROM sync_messages WHERE session_id = $1 AND (local_id = $2 OR id = $3) LIMIT 1";
        Ok(found(numbered, v(self.seq))? || found(named, v(self.local_id.as_deref()))?)
    }
}
