//! Reading values.

use std::collections::HashMap;

use http::StatusCode;
use serde::Serialize;
use serde_json::json;
use store::{Conn, Engine, Row, v};

use crate::Error;
use crate::portion::{Fit, LIST};
use crate::wire::encode;

#[derive(Serialize)]
pub(super) struct Item {
    pub(super) key: String,
    pub(super) value: String,
    version: i64,
}

fn load(row: &Row<'_>) -> Result<Item, Error> {
    Ok(Item { key: row.string(0)?, value: encode(row.blob(1)?), version: row.int(2)? })
}

pub(super) fn get(conn: &mut Conn<'_>, account: &str, key: &str) -> Result<Item, Error> {
    let found = conn.query_opt(
        "SELECT key, value, version FROM sync_values
         WHERE account_id = $1 AND key = $2 AND value IS NOT NULL",
        &[v(account), v(key)],
        load,
    )?;
    found.ok_or(Error::NotFound("Key"))
}

/// How many of those whose key begins with `prefix` are read.
pub(super) fn sizes(conn: &mut Conn<'_>, account: &str, prefix: &str, limit: i64) -> Result<Fit, Error> {
    let sql = "SELECT OCTET_LENGTH(value) FROM sync_values
               WHERE account_id = $1 AND key >= $2 AND substr(key, 1, length($2)) = $2 AND value IS NOT NULL
               ORDER BY key LIMIT $3";
    Fit::of(conn, sql, &[v(account), v(prefix), v(limit)], limit, LIST)
}

/// Those whose key begins with `prefix`, by key.
pub(super) fn list(conn: &mut Conn<'_>, account: &str, prefix: &str, limit: i64) -> Result<Vec<Item>, Error> {
    conn.query(
        "SELECT key, value, version FROM sync_values
         WHERE account_id = $1 AND key >= $2 AND substr(key, 1, length($2)) = $2 AND value IS NOT NULL
         ORDER BY key LIMIT $3",
        &[v(account), v(prefix), v(limit)],
        load,
    )
}

/// How many bytes those of `keys` that are there have. They are read together or not at all: one that is left out would look as if
/// it were not there.
pub(super) fn size_of_all(conn: &mut Conn<'_>, account: &str, keys: &[&str]) -> Result<Fit, Error> {
    let heads = heads(conn, account, keys)?;
    let bytes = heads.values().map(|head| head.bytes).sum();
    if bytes > LIST {
        let message = "Too much at once. Ask for fewer keys.";
        return Err(Error::TooMuch(StatusCode::PAYLOAD_TOO_LARGE, message));
    }
    Ok(Fit { rows: i64::try_from(heads.len()).unwrap_or(i64::MAX), bytes, has_more: false })
}

/// Those of `keys` that are there.
pub(super) fn get_all(conn: &mut Conn<'_>, account: &str, keys: &[&str]) -> Result<Vec<Item>, Error> {
    let sql = match conn.engine() {
        Engine::Sqlite => {
            "SELECT key, value, version FROM sync_values
             WHERE account_id = $1 AND key IN (SELECT value FROM json_each($2)) AND value IS NOT NULL"
        }
        Engine::Postgres => {
            "SELECT key, value, version FROM sync_values
             WHERE account_id = $1 AND key = ANY ($2::text[]) AND value IS NOT NULL"
        }
    };
    of_keys(conn, sql, account, keys, load)
}

/// What is known of a key without reading its value. A value that was removed leaves its version.
pub(super) struct Head {
    pub(super) version: i64,
    /// Of its value.
    pub(super) bytes: i64,
}

/// Each of `keys` that was ever written, by one statement.
pub(super) fn heads(
    conn: &mut Conn<'_>,
    account: &str,
    keys: &[&str],
) -> Result<HashMap<String, Head>, Error> {
    let sql = match conn.engine() {
        Engine::Sqlite => {
            "SELECT key, version, COALESCE(OCTET_LENGTH(value), 0) FROM sync_values
             WHERE account_id = $1 AND key IN (SELECT value FROM json_each($2))"
        }
        Engine::Postgres => {
            "SELECT key, version, COALESCE(OCTET_LENGTH(value), 0) FROM sync_values
             WHERE account_id = $1 AND key = ANY ($2::text[])"
        }
    };
    let load = |row: &Row<'_>| Ok((row.string(0)?, Head { version: row.int(1)?, bytes: row.int(2)? }));
    Ok(of_keys(conn, sql, account, keys, load)?.into_iter().collect())
}

/// Rows of an account ($1) and keys ($2), which are an array of the engine's own kind.
fn of_keys<T>(
    conn: &mut Conn<'_>,
    sql: &str,
    account: &str,
    keys: &[&str],
    load: impl FnMut(&Row<'_>) -> Result<T, Error>,
) -> Result<Vec<T>, Error> {
    if conn.engine() == Engine::Sqlite {
        return conn.query(sql, &[v(account), v(&json!(keys).to_string())], load);
    }
    let keys: Vec<Option<&str>> = keys.iter().copied().map(Some).collect();
    conn.query(sql, &[v(account), v(keys.as_slice())], load)
}
