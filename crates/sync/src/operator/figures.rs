//! How much an account has here.

use serde::Serialize;
use store::{Conn, Row, v};
use utoipa::ToSchema;

use crate::Error;

/// One account in figures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = RelayAccount)]
pub struct Figures {
    /// Its id.
    pub id: String,
    /// What it calls itself, if it does.
    pub username: Option<String>,
    /// Whether it came from another server.
    pub imported: bool,
    /// Whether it is being deleted.
    pub deleted: bool,
    /// Microseconds since the epoch.
    pub created_at: i64,
    /// When a token of it was last used, to the hour; microseconds since the epoch.
    pub last_used_at: Option<i64>,
    /// How many tokens are good.
    pub tokens: u64,
    /// How many machines it has.
    pub machines: u64,
    /// How many sessions it has.
    pub sessions: u64,
    /// How many messages they have.
    pub messages: u64,
    /// How many artifacts it has.
    pub artifacts: u64,
    /// How many keys it has, removed ones among them.
    pub values: u64,
    /// How many attachments its sessions have.
    pub attachments: u64,
    /// The bytes of what it keeps here, attachments among it.
    pub bytes: u64,
}

/// The accounts of `page`, each row of which is counted.
macro_rules! counted {
    ($page:literal) => {
        concat!(
            "WITH page AS (",
            $page,
            ")
             SELECT p.id, p.username, p.imported, CASE WHEN p.public_key LIKE 'deleted:%' THEN 1 ELSE 0 END, p.created_at,
                 (SELECT MAX(last_used_at) FROM sync_tokens WHERE account_id = p.id),
                 (SELECT COUNT(*) FROM sync_tokens WHERE account_id = p.id),
                 (SELECT COUNT(*) FROM sync_machines WHERE account_id = p.id),
                 (SELECT COUNT(*) FROM sync_sessions WHERE account_id = p.id),
                 (SELECT COUNT(*) FROM sync_sessions s JOIN sync_messages m ON m.session_id = s.id
                  WHERE s.account_id = p.id),
                 (SELECT COUNT(*) FROM sync_artifacts WHERE account_id = p.id),
                 COALESCE((SELECT keys FROM sync_value_counts WHERE account_id = p.id), 0),
                 (SELECT COUNT(*) FROM sync_attachments WHERE account_id = p.id),
                 CAST(COALESCE((SELECT bytes FROM sync_account_seqs WHERE account_id = p.id), 0)
                    + (SELECT COALESCE(SUM(size), 0) FROM sync_attachments WHERE account_id = p.id) AS BIGINT)
             FROM page p ORDER BY p.created_at DESC, p.id DESC"
        )
    };
}

/// The newest accounts, newest first.
pub(super) fn newest(conn: &mut Conn<'_>, limit: u32) -> Result<Vec<Figures>, Error> {
    let sql = counted!("SELECT * FROM sync_accounts ORDER BY created_at DESC, id DESC LIMIT $1");
    conn.query(sql, &[v(limit)], load)
}

pub(super) fn of(conn: &mut Conn<'_>, id: &str) -> Result<Option<Figures>, Error> {
    conn.query_opt(counted!("SELECT * FROM sync_accounts WHERE id = $1"), &[v(id)], load)
}

fn load(row: &Row<'_>) -> Result<Figures, Error> {
    let count = |column| Ok::<_, Error>(u64::try_from(row.int(column)?).unwrap_or(0));
    Ok(Figures {
        id: row.string(0)?,
        username: row.opt_text(1)?.map(str::to_owned),
        imported: row.bool(2)?,
        deleted: row.bool(3)?,
        created_at: row.int(4)?,
        last_used_at: row.opt_int(5)?,
        tokens: count(6)?,
        machines: count(7)?,
        sessions: count(8)?,
        messages: count(9)?,
        artifacts: count(10)?,
        values: count(11)?,
        attachments: count(12)?,
        bytes: count(13)?,
    })
}
