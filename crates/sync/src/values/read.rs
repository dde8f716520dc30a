//! Reading values.

use std::collections::HashMap;

use serde::Serialize;
use serde_json::json;
use store::{Conn, Engine, Row, v};

use crate::Error;
use crate::wire::encode;

#[derive(Serialize)]
pub(super) struct Item {
    key: String,
    value: String,
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

/// Those of `keys` that are there.
pub(super) fn get_all(conn: &mut Conn<'_>, account: &str, keys: &[&str]) -> Result<Vec<Item>, Error> {
    let stored = stored(conn, account, keys)?.into_iter();
    let items = stored
        .filter_map(|(key, Stored { version, value })| Some(Item { key, value: encode(&value?), version }));
    Ok(items.collect())
}

/// A row as it is: a value that was removed leaves its version.
pub(super) struct Stored {
    pub(super) version: i64,
    pub(super) value: Option<Vec<u8>>,
}

/// What is stored under each of `keys` that was ever written, by one statement.
pub(super) fn stored(
    conn: &mut Conn<'_>,
    account: &str,
    keys: &[&str],
) -> Result<HashMap<String, Stored>, Error> {
    let load = |row: &Row<'_>| {
        let value = row.opt_blob(2)?.map(<[u8]>::to_vec);
        Ok::<_, Error>((row.string(0)?, Stored { version: row.int(1)?, value }))
    };
    let rows = match conn.engine() {
        Engine::Sqlite => conn.query(
            "SELECT key, version, value FROM sync_values
             WHERE account_id = $1 AND key IN (SELECT value FROM json_each($2))",
            &[v(account), v(&json!(keys).to_string())],
            load,
        )?,
        Engine::Postgres => {
            let keys: Vec<Option<&str>> = keys.iter().copied().map(Some).collect();
            conn.query(
                "SELECT key, version, value FROM sync_values
                 WHERE account_id = $1 AND key = ANY ($2::text[])",
                &[v(account), v(keys.as_slice())],
                load,
            )?
        }
    };
    Ok(rows.into_iter().collect())
}
