//! Adding messages to a session: one transaction, one statement of each kind, whatever their number.

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::json;
use store::{Conn, Engine, v};

use super::view::Receipt;
use crate::Error;
use crate::id::new_id;
use crate::kept::size;
use crate::sessions::require;
use crate::updates::{MessageBody, Tx};
use crate::wire::{Label, Opaque, millis};

/// A message that somebody sends.
#[derive(Clone, Debug)]
pub(crate) struct NewMessage {
    /// The sender's own name for it: a second one of the same name is the first.
    pub(crate) local_id: Option<Label>,
    /// What only clients can read.
    pub(crate) content: Opaque,
}

/// Adds what is new and says of each what became of it, those that were there already among them, by number. `except` is
/// the socket that sent them, which knows.
pub(crate) fn post(
    tx: &mut Tx<'_, '_>,
    account: &Arc<str>,
    session: &Arc<str>,
    messages: &[NewMessage],
    except: Option<&Arc<str>>,
) -> Result<Vec<Receipt>, Error> {
    let messages = without_repetitions(messages);
    let mut receipts = existing(tx.conn, session, &messages)?;
    if faults::mutant!("sync-message-twice") {
        receipts.clear();
    }
    let known: HashSet<&str> = receipts.iter().filter_map(|known| known.local_id.as_deref()).collect();
    let new: Vec<&NewMessage> = messages
        .into_iter()
        .filter(|message| message.local_id.as_deref().is_none_or(|id| !known.contains(id)))
        .collect();
    if new.is_empty() {
        require(tx.conn, account, session)?;
        return Ok(receipts);
    }
    let bytes = new.iter().map(|message| size(&*message.content)).sum();
    let first = take_numbers(tx, account, session, new.len(), bytes)?;
    tx.keep(account, bytes);
    let rows: Vec<Row<'_>> =
        new.iter().zip(first..).map(|(message, seq)| Row { seq, id: new_id(), message }).collect();
    insert(tx, session, &rows)?;
    let at = millis(tx.now);
    for Row { seq, id, message } in rows {
        let local_id = message.local_id.as_deref();
        let body = MessageBody::new(session, &id, seq, local_id, &message.content, at);
        tx.tell_message(account, session, except, seq, &body)?;
        let local_id = local_id.map(str::to_owned);
        receipts.push(Receipt { id, seq, local_id, created_at: at, updated_at: at });
    }
    receipts.sort_by_key(|receipt| receipt.seq);
    Ok(receipts)
}

struct Row<'m> {
    seq: i64,
    id: String,
    message: &'m NewMessage,
}

/// The first of those with the same name.
fn without_repetitions(messages: &[NewMessage]) -> Vec<&NewMessage> {
    let mut seen = HashSet::new();
    messages.iter().filter(|message| message.local_id.as_deref().is_none_or(|id| seen.insert(id))).collect()
}

fn existing(conn: &mut Conn<'_>, session: &str, messages: &[&NewMessage]) -> Result<Vec<Receipt>, Error> {
    let names: Vec<&str> = messages.iter().filter_map(|message| message.local_id.as_deref()).collect();
    match (names.as_slice(), conn.engine()) {
        ([], _) => Ok(Vec::new()),
        ([name], _) => conn.query(
            "SELECT seq, id, local_id, created_at FROM sync_messages WHERE session_id = $1 AND local_id = $2",
            &[v(session), v(*name)],
            Receipt::load,
        ),
        (names, Engine::Sqlite) => conn.query(
            "SELECT seq, id, local_id, created_at FROM sync_messages
             WHERE session_id = $1 AND local_id IN (SELECT value FROM json_each($2)) ORDER BY seq",
            &[v(session), v(&json!(names).to_string())],
            Receipt::load,
        ),
        (names, Engine::Postgres) => {
            let names: Vec<Option<&str>> = names.iter().copied().map(Some).collect();
            conn.query(
                "SELECT seq, id, local_id, created_at FROM sync_messages
                 WHERE session_id = $1 AND local_id = ANY ($2::text[]) ORDER BY seq",
                &[v(session), v(names.as_slice())],
                Receipt::load,
            )
        }
    }
}

/// The first of `count` numbers that nobody else will get, for messages of so many `bytes`. The session's row is held until the commit, so they are in the
/// order of commits; without a commit they are free again.
fn take_numbers(
    tx: &mut Tx<'_, '_>,
    account: &str,
    session: &str,
    count: usize,
    bytes: i64,
) -> Result<i64, Error> {
    let count = i64::try_from(count).unwrap_or(i64::MAX) + i64::from(faults::mutant!("sync-number-skipped"));
    let last = tx.conn.query_opt(
        "UPDATE sync_sessions SET seq = seq + $3, message_bytes = message_bytes + $5, updated_at = $4
         WHERE id = $1 AND account_id = $2 RETURNING seq",
        &[v(session), v(account), v(count), v(tx.now), v(bytes)],
        |row| row.int(0),
    )?;
    last.map(|last| last - count + 1).ok_or(Error::NotFound("Session"))
}

fn insert(tx: &mut Tx<'_, '_>, session: &str, rows: &[Row<'_>]) -> Result<(), Error> {
    if tx.conn.engine() == Engine::Postgres && rows.len() > 1 {
        return insert_all(tx, session, rows);
    }
    for Row { seq, id, message } in rows {
        tx.conn.execute(
            "INSERT INTO sync_messages (session_id, seq, id, local_id, content, created_at)
             VALUES ($1, $2, $3, $4, $5, $6)",
            &[v(session), v(*seq), v(id), v(message.local_id.as_deref()), v(&*message.content), v(tx.now)],
        )?;
    }
    Ok(())
}

fn insert_all(tx: &mut Tx<'_, '_>, session: &str, rows: &[Row<'_>]) -> Result<(), Error> {
    let seqs: Vec<i64> = rows.iter().map(|row| row.seq).collect();
    let ids: Vec<Option<&str>> = rows.iter().map(|row| Some(row.id.as_str())).collect();
    let local_ids: Vec<Option<&str>> = rows.iter().map(|row| row.message.local_id.as_deref()).collect();
    let contents: Vec<Option<&str>> = rows.iter().map(|row| Some(&*row.message.content)).collect();
    tx.conn.execute(
        "INSERT INTO sync_messages (session_id, seq, id, local_id, content, created_at)
         SELECT $1, seq, id, local_id, content, $6
         FROM unnest($2::bigint[], $3::text[], $4::text[], $5::text[]) AS u (seq, id, local_id, content)",
        &[
            v(session),
            v(seqs.as_slice()),
            v(ids.as_slice()),
            v(local_ids.as_slice()),
            v(contents.as_slice()),
            v(tx.now),
        ],
    )?;
    Ok(())
}
