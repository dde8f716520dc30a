//! The log: numbered with the account's counter, read in its order, bounded.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::value::RawValue;
use store::{Conn, Engine, Row, v};

use super::{Audience, MessageBody};
use crate::Error;
use crate::id::event_id;
use crate::kept::size;
use crate::portion::{Fit, PAGE};
use crate::wire::millis;

/// What a transaction does to one account.
#[derive(Default)]
pub(super) struct Share {
    /// What is to be told.
    pub(super) drafts: Vec<Draft>,
    /// How many bytes more, or less, are kept.
    pub(super) kept: i64,
}

/// An update without a number.
pub(super) struct Draft {
    pub(super) audience: Audience,
    pub(super) except: Option<Arc<str>>,
    /// A message has a row of its own, so the log only points at it.
    pub(super) message_seq: Option<i64>,
    pub(super) body: String,
}

/// An update as it is told.
#[derive(Clone, Debug)]
pub(crate) struct Update {
    pub(crate) account: Arc<str>,
    /// The account's counter.
    pub(crate) seq: i64,
    pub(crate) audience: Audience,
    /// The socket that need not hear of it.
    pub(crate) except: Option<Arc<str>>,
    /// `{id, seq, body, createdAt}` (spec/sync.md §4.1).
    pub(crate) envelope: Box<RawValue>,
}

impl Update {
    fn new(account: &Arc<str>, draft: Draft, seq: i64, now: i64) -> Result<Self, Error> {
        let Draft { audience, except, body, .. } = draft;
        Ok(Self { account: account.clone(), seq, audience, except, envelope: envelope(seq, &body, now)? })
    }
}

fn envelope(seq: i64, body: &str, created_at: i64) -> Result<Box<RawValue>, Error> {
    let id = event_id();
    let at = millis(created_at);
    let text = format!(r#"{{"id":"{id}","seq":{seq},"body":{body},"createdAt":{at}}}"#);
    RawValue::from_string(text).map_err(|error| Error::Encoding(Arc::new(error)))
}

/// Counts what is kept, gives drafts their numbers, and writes them down: one increment for each account. Whoever needs two counters
/// takes them in the same order as everybody else.
pub(super) fn append(
    conn: &mut Conn<'_>,
    now: i64,
    room: i64,
    shares: BTreeMap<Arc<str>, Share>,
) -> Result<Vec<Update>, Error> {
    let mut updates = Vec::new();
    for (account, share) in shares {
        append_to_account(conn, now, room, &account, share, &mut updates)?;
    }
    Ok(updates)
}

fn append_to_account(
    conn: &mut Conn<'_>,
    now: i64,
    room: i64,
    account: &Arc<str>,
    Share { drafts, kept }: Share,
    updates: &mut Vec<Update>,
) -> Result<(), Error> {
    let count = i64::try_from(drafts.len()).unwrap_or(i64::MAX);
    let logged: i64 = drafts.iter().filter_map(stored_body).map(size).sum();
    let (last, bytes) = conn.query_one(
        "UPDATE sync_account_seqs SET seq = seq + $2, bytes = bytes + $3, log_bytes = log_bytes + $4
         WHERE account_id = $1 RETURNING seq, bytes",
        &[v(&**account), v(count), v(kept), v(logged)],
        |row| Ok::<_, Error>((row.int(0)?, row.int(1)?)),
    )?;
    if kept > 0 && bytes > room {
        return Err(Error::NoRoom);
    }
    if drafts.is_empty() {
        return Ok(());
    }
    let start = last - count + 1;
    match conn.engine() {
        Engine::Sqlite => insert_each(conn, account, start, now, &drafts)?,
        Engine::Postgres => insert_all(conn, account, start, now, &drafts)?,
    }
    for (draft, seq) in drafts.into_iter().zip(start..) {
        updates.push(Update::new(account, draft, seq, now)?);
    }
    Ok(())
}

/// What is stored of the body: nothing if it is in the message's row.
fn stored_body(draft: &Draft) -> Option<&str> {
    draft.message_seq.is_none().then_some(draft.body.as_str())
}

fn insert_each(
    conn: &mut Conn<'_>,
    account: &str,
    start: i64,
    now: i64,
    drafts: &[Draft],
) -> Result<(), Error> {
    for (draft, seq) in drafts.iter().zip(start..) {
        let (audience, target) = draft.audience.columns();
        conn.execute(
            "INSERT INTO sync_updates
                 (account_id, seq, audience, target, except_socket, message_seq, body, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            &[
                v(account),
                v(seq),
                v(audience),
                v(target),
                v(draft.except.as_deref()),
                v(draft.message_seq),
                v(stored_body(draft)),
                v(now),
            ],
        )?;
    }
    Ok(())
}

fn insert_all(
    conn: &mut Conn<'_>,
    account: &str,
    start: i64,
    now: i64,
    drafts: &[Draft],
) -> Result<(), Error> {
    let seqs: Vec<i64> = (start..).take(drafts.len()).collect();
    let columns = drafts.iter().map(|draft| draft.audience.columns());
    let (audiences, targets): (Vec<i64>, Vec<Option<&str>>) = columns.unzip();
    let excepts: Vec<Option<&str>> = drafts.iter().map(|draft| draft.except.as_deref()).collect();
    // Arrays of numbers have no NULLs; no message has the number 0.
    let message_seqs: Vec<i64> = drafts.iter().map(|draft| draft.message_seq.unwrap_or(0)).collect();
    let bodies: Vec<Option<&str>> = drafts.iter().map(stored_body).collect();
    conn.execute(
        "INSERT INTO sync_updates
             (account_id, seq, audience, target, except_socket, message_seq, body, created_at)
         SELECT $1, seq, audience, target, except_socket, NULLIF(message_seq, 0), body, $8
         FROM unnest($2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::bigint[], $7::text[])
              AS u (seq, audience, target, except_socket, message_seq, body)",
        &[
            v(account),
            v(seqs.as_slice()),
            v(audiences.as_slice()),
            v(targets.as_slice()),
            v(excepts.as_slice()),
            v(message_seqs.as_slice()),
            v(bodies.as_slice()),
            v(now),
        ],
    )?;
    Ok(())
}

/// The account's counter: the number of its newest update.
pub(crate) fn head(conn: &mut Conn<'_>, account: &str) -> Result<i64, Error> {
    let sql = "SELECT seq FROM sync_account_seqs WHERE account_id = $1";
    Ok(conn.query_opt(sql, &[v(account)], |row| row.int(0))?.unwrap_or(0))
}

/// How many of the updates after number `after`, of at most `limit`, are read together.
pub(crate) fn fit_after(conn: &mut Conn<'_>, account: &str, after: i64, limit: i64) -> Result<Fit, Error> {
    let sizes = "SELECT COALESCE(OCTET_LENGTH(u.body), OCTET_LENGTH(m.content), 0)
                 FROM sync_updates u
                 LEFT JOIN sync_messages m ON m.session_id = u.target AND m.seq = u.message_seq
                 WHERE u.account_id = $1 AND u.seq > $2 AND (u.message_seq IS NULL OR m.seq IS NOT NULL)
                 ORDER BY u.seq LIMIT $3";
    Fit::of(conn, sizes, &[v(account), v(after), v(limit + 1)], limit, PAGE)
}

/// So many of the updates after number `after`, in order. A message that is gone is told of no more.
pub(crate) fn read_after(
    conn: &mut Conn<'_>,
    account: &Arc<str>,
    after: i64,
    rows: i64,
) -> Result<Vec<Update>, Error> {
    conn.query(
        "SELECT u.seq, u.audience, u.target, u.except_socket, u.body, u.created_at,
                m.id, m.seq, m.local_id, m.content, m.created_at
         FROM sync_updates u
         LEFT JOIN sync_messages m ON m.session_id = u.target AND m.seq = u.message_seq
         WHERE u.account_id = $1 AND u.seq > $2 AND (u.message_seq IS NULL OR m.seq IS NOT NULL)
         ORDER BY u.seq LIMIT $3",
        &[v(&**account), v(after), v(rows)],
        |row| load(row, account),
    )
}

fn load(row: &Row<'_>, account: &Arc<str>) -> Result<Update, Error> {
    let (seq, target) = (row.int(0)?, row.opt_text(2)?);
    let audience = Audience::of_columns(row.int(1)?, target);
    let envelope = match row.opt_text(4)? {
        Some(body) => envelope(seq, body, row.int(5)?)?,
        None => {
            let (session, at) = (target.unwrap_or_default(), millis(row.int(10)?));
            let (id, local_id) = (row.text(6)?, row.opt_text(8)?);
            let body = MessageBody::new(session, id, row.int(7)?, local_id, row.text(9)?, at);
            let body = serde_json::to_string(&body).map_err(|error| Error::Encoding(Arc::new(error)))?;
            envelope(seq, &body, row.int(5)?)?
        }
    };
    let except = row.opt_text(3)?.map(Arc::from);
    Ok(Update { account: account.clone(), seq, audience, except, envelope })
}
