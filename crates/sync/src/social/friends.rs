//! Asking for friendship, accepting it, ending it.

use std::sync::Arc;

use serde_json::json;
use store::{Conn, v};

use super::notify::notify;
use super::person::{self, Person};
use super::relationship::{Pair, Status, added, removed};
use crate::Error;
use crate::limits::{MAX_RELATIONSHIPS, count};
use crate::updates::Tx;

/// What somebody wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Add,
    Remove,
}

/// The other one as they are afterwards; nothing for oneself and for nobody.
pub(super) fn take(
    tx: &mut Tx<'_, '_>,
    me: &Arc<str>,
    them: &Arc<str>,
    step: Step,
) -> Result<Option<Person>, Error> {
    if me == them || person::find(tx.conn, me, them)?.is_none() {
        return Ok(None);
    }
    let before = (status(tx.conn, me, them)?, status(tx.conn, them, me)?);
    let after = match step {
        Step::Add => added(before),
        Step::Remove => removed(before),
    };
    if after.0 != before.0
        && before.0 == Status::None
        && count(tx.conn, "SELECT COUNT(*) FROM sync_relationships WHERE from_account = $1", me)?
            >= MAX_RELATIONSHIPS
    {
        return Err(Error::Full("relationships"));
    }
    write(tx, me, them, before, after)?;
    if step == Step::Add && after != before {
        if after.0 == Status::Friend {
            for (to, of) in [(me, them), (them, me)] {
                notify(tx, to, of, "friend_accepted", &json!({ "kind": "friend_accepted", "uid": &**of }))?;
            }
        } else {
            notify(tx, them, me, "friend_request", &json!({ "kind": "friend_request", "uid": &**me }))?;
        }
    }
    let them = person::find(tx.conn, me, them)?;
    // Whoever ends a friendship is told what the other one is left with (spec/sync.md §2.8).
    let is_ended = step == Step::Remove && before.0 == Status::Friend;
    Ok(them.map(|them| if is_ended { them.with_status(Status::Requested) } else { them }))
}

fn status(conn: &mut Conn<'_>, from: &str, to: &str) -> Result<Status, Error> {
    let sql = "SELECT status FROM sync_relationships WHERE from_account = $1 AND to_account = $2";
    let found = conn.query_opt(sql, &[v(from), v(to)], |row| row.string(0))?;
    Ok(Status::named(&found.unwrap_or_default()))
}

fn write(tx: &mut Tx<'_, '_>, me: &str, them: &str, before: Pair, after: Pair) -> Result<(), Error> {
    for (from, to, before, after) in [(me, them, before.0, after.0), (them, me, before.1, after.1)] {
        if before != after {
            tx.conn.execute(
                "INSERT INTO sync_relationships (from_account, to_account, status, updated_at)
                 VALUES ($1, $2, $3, $4)
                 ON CONFLICT (from_account, to_account)
                 DO UPDATE SET status = excluded.status, updated_at = excluded.updated_at",
                &[v(from), v(to), v(after.name()), v(tx.now)],
            )?;
        }
    }
    Ok(())
}
