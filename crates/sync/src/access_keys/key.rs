//! The key of one machine to one session.

use std::sync::Arc;

use serde::Serialize;
use store::{Conn, v};

use crate::Error;
use crate::kept::size;
use crate::limits::{MAX_ACCESS_KEYS, count};
use crate::updates::Tx;
use crate::wire::millis;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AccessKey {
    data: String,
    data_version: i64,
    created_at: i64,
    updated_at: i64,
}

/// Both must be the account's.
fn require(conn: &mut Conn<'_>, account: &str, session: &str, machine: &str) -> Result<(), Error> {
    let found = conn.query_opt(
        "SELECT 1 FROM sync_sessions s, sync_machines m
         WHERE s.id = $1 AND s.account_id = $3 AND m.id = $2 AND m.account_id = $3",
        &[v(session), v(machine), v(account)],
        |row| row.int(0),
    )?;
    found.map(drop).ok_or(Error::NotFound("Session or machine"))
}

/// The key, if there is one.
pub(crate) fn find(
    conn: &mut Conn<'_>,
    account: &str,
    session: &str,
    machine: &str,
) -> Result<Option<AccessKey>, Error> {
    require(conn, account, session, machine)?;
    conn.query_opt(
        "SELECT data, version, created_at, updated_at FROM sync_access_keys
         WHERE session_id = $1 AND machine_id = $2",
        &[v(session), v(machine)],
        |row| {
            Ok(AccessKey {
                data: row.string(0)?,
                data_version: row.int(1)?,
                created_at: millis(row.int(2)?),
                updated_at: millis(row.int(3)?),
            })
        },
    )
}

/// The first key; there must be none yet.
pub(super) fn create(
    tx: &mut Tx<'_, '_>,
    account: &Arc<str>,
    (session, machine): (&str, &str),
    data: &str,
) -> Result<AccessKey, Error> {
    require(tx.conn, account, session, machine)?;
    let keys = "SELECT COUNT(*) FROM sync_access_keys WHERE account_id = $1";
    if count(tx.conn, keys, account)? >= MAX_ACCESS_KEYS {
        return Err(Error::Full("access keys"));
    }
    let created = tx.conn.execute(
        "INSERT INTO sync_access_keys (session_id, machine_id, account_id, data, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $5) ON CONFLICT (session_id, machine_id) DO NOTHING",
        &[v(session), v(machine), v(&**account), v(data), v(tx.now)],
    )?;
    if created == 0 {
        return Err(Error::Conflict("Access key already exists"));
    }
    tx.keep(account, size(data));
    let at = millis(tx.now);
    Ok(AccessKey { data: data.to_owned(), data_version: 1, created_at: at, updated_at: at })
}

/// The new version, or the key as it is.
pub(super) fn update(
    tx: &mut Tx<'_, '_>,
    account: &Arc<str>,
    (session, machine): (&str, &str),
    data: &str,
    expected: i64,
) -> Result<Result<i64, (i64, String)>, Error> {
    let sql = "SELECT version, OCTET_LENGTH(data) FROM sync_access_keys
               WHERE session_id = $1 AND machine_id = $2 AND account_id = $3";
    let key = [v(session), v(machine), v(&**account)];
    let now = tx.conn.query_opt(sql, &key, |row| Ok::<_, Error>((row.int(0)?, row.int(1)?)))?;
    let (version, replaced) = now.ok_or(Error::NotFound("Access key"))?;
    if version != expected {
        let sql = "SELECT data FROM sync_access_keys WHERE session_id = $1 AND machine_id = $2";
        let data = tx.conn.query_one(sql, &[v(session), v(machine)], |row| row.string(0))?;
        return Ok(Err((version, data)));
    }
    tx.keep(account, size(data) - replaced);
    tx.conn.execute(
        "UPDATE sync_access_keys SET data = $3, version = version + 1, updated_at = $4
         WHERE session_id = $1 AND machine_id = $2",
        &[v(session), v(machine), v(data), v(tx.now)],
    )?;
    Ok(Ok(version + 1))
}

/// Removes the keys of all machines to a session; how many bytes they had.
pub(crate) fn forget_of_session(conn: &mut Conn<'_>, account: &str, session: &str) -> Result<i64, Error> {
    let sql =
        "DELETE FROM sync_access_keys WHERE session_id = $1 AND account_id = $2 RETURNING OCTET_LENGTH(data)";
    Ok(conn.query(sql, &[v(session), v(account)], |row| row.int(0))?.into_iter().sum())
}

/// Removes the keys of a machine to all sessions; how many bytes they had.
pub(crate) fn forget_of_machine(conn: &mut Conn<'_>, account: &str, machine: &str) -> Result<i64, Error> {
    let sql =
        "DELETE FROM sync_access_keys WHERE machine_id = $1 AND account_id = $2 RETURNING OCTET_LENGTH(data)";
    Ok(conn.query(sql, &[v(machine), v(account)], |row| row.int(0))?.into_iter().sum())
}
