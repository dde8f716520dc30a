//! The log: numbered with the account's counter, read in its order, bounded.

use std::sync::Arc;

use serde_json::value::RawValue;
use store::{Conn, Engine, Row, v};

use super::{Audience, MessageBody};
use crate::Error;
use crate::id::event_id;
use crate::portion::{Fit, PAGE};
use crate::wire::millis;

/// An update without a number.
pub(super) struct Draft {
    pub(super) account: Arc<str>,
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
    fn new(draft: Draft, seq: i64, now: i64) -> Result<Self, Error> {
        let Draft { account, audience, except, body, .. } = draft;
        Ok(Self { account, seq, audience, except, envelope: envelope(seq, &body, now)? })
    }
}

fn envelope(seq: i64, body: &str, created_at: i64) -> Result<Box<RawValue>, Error> {
    let id = event_id();
    let at = millis(created_at);
    let text = format!(r#"{{"id":"{id}","seq":{seq},"body":{body},"createdAt":{at}}}"#);
    RawValue::from_string(text).map_err(|error| Error::Encoding(Arc::new(error)))
}

/// Gives drafts their numbers, one increment for each account, and writes them down.
pub(super) fn append(conn: &mut Conn<'_>, now: i64, mut drafts: Vec<Draft>) -> Result<Vec<Update>, Error> {
    // Whoever needs two counters takes them in the same order as everybody else.
    drafts.sort_by(|one, other| one.account.cmp(&other.account));
    let mut updates = Vec::with_capacity(drafts.len());
    let mut drafts = drafts.into_iter().peekable();
    while let Some(first) = drafts.next() {
        let mut group = vec![first];
        while let Some(next) = drafts.next_if(|draft| draft.account == group[0].account) {
            group.push(next);
        }
        append_to_account(conn, now, group, &mut updates)?;
    }
    Ok(updates)
}

fn append_to_account(
    conn: &mut Conn<'_>,
    now: i64,
    group: Vec<Draft>,
    updates: &mut Vec<Update>,
) -> Result<(), Error> {
    let Some(first) = group.first() else { return Ok(()) };
    let count = i64::try_from(group.len()).unwrap_or(i64::MAX);
    let last = conn.query_one(
        "UPDATE sync_account_seqs SET seq = seq + $2 WHERE account_id = $1 RETURNING seq",
        &[v(&*first.account), v(count)],
        |row| row.int(0),
    )?;
    let start = last - count + 1;
    match conn.engine() {
        Engine::Sqlite => insert_each(conn, start, now, &group)?,
        Engine::Postgres => insert_all(conn, start, now, &group)?,
    }
    for (draft, seq) in group.into_iter().zip(start..) {
        updates.push(Update::new(draft, seq, now)?);
    }
    Ok(())
}

/// What is stored of the body: nothing if it is in the message's row.
fn stored_body(draft: &Draft) -> Option<&str> {
    draft.message_seq.is_none().then_some(draft.body.as_str())
}

fn insert_each(conn: &mut Conn<'_>, start: i64, now: i64, group: &[Draft]) -> Result<(), Error> {
    for (draft, seq) in group.iter().zip(start..) {
        let (audience, target) = draft.audience.columns();
        conn.execute(
            "INSERT INTO sync_updates
                 (account_id, seq, audience, target, except_socket, message_seq, body, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            &[
                v(&*draft.account),
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

fn insert_all(conn: &mut Conn<'_>, start: i64, now: i64, group: &[Draft]) -> Result<(), Error> {
    let Some(first) = group.first() else { return Ok(()) };
    let seqs: Vec<i64> = (start..).take(group.len()).collect();
    let columns = group.iter().map(|draft| draft.audience.columns());
    let (audiences, targets): (Vec<i64>, Vec<Option<&str>>) = columns.unzip();
    let excepts: Vec<Option<&str>> = group.iter().map(|draft| draft.except.as_deref()).collect();
    // Arrays of numbers have no NULLs; no message has the number 0.
    let message_seqs: Vec<i64> = group.iter().map(|draft| draft.message_seq.unwrap_or(0)).collect();
    let bodies: Vec<Option<&str>> = group.iter().map(stored_body).collect();
    conn.execute(
        "INSERT INTO sync_updates
             (account_id, seq, audience, target, except_socket, message_seq, body, created_at)
         SELECT $1, seq, audience, target, except_socket, NULLIF(message_seq, 0), body, $8
         FROM unnest($2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::bigint[], $7::text[])
              AS u (seq, audience, target, except_socket, message_seq, body)",
        &[
            v(&*first.account),
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
