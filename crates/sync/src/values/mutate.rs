//! Writing values: every key by compare and set, all or none.

use std::collections::HashSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use store::v;

use crate::Error;
use crate::limits::{MAX_VALUES, count};
use crate::updates::{Audience, Tx};
use crate::wire::{Label, Opaque, encode, lenient};

/// The version of a key that was never written.
const NEVER: i64 = -1;

#[derive(Deserialize)]
pub(super) struct Mutation {
    key: Label,
    /// Base64; nothing removes the value and keeps the version.
    value: Option<Opaque>,
    version: i64,
}

#[derive(Serialize)]
pub(super) struct Written {
    key: String,
    version: i64,
}

/// A key that is not as the writer thought, as it is.
#[derive(Serialize)]
pub(super) struct Conflict {
    key: String,
    error: &'static str,
    version: i64,
    value: Option<String>,
}

#[derive(Serialize)]
#[serde(tag = "t", rename = "kv-batch-update")]
struct Told<'a> {
    changes: Vec<Change<'a>>,
}

#[derive(Serialize)]
struct Change<'a> {
    key: &'a str,
    value: Option<&'a str>,
    version: i64,
}

/// What was written, in the order of the request, or every key that is in the way.
pub(super) fn mutate(
    tx: &mut Tx<'_, '_>,
    account: &Arc<str>,
    mutations: &[Mutation],
) -> Result<Result<Vec<Written>, Vec<Conflict>>, Error> {
    let mut conflicts = Vec::new();
    let (mut seen, mut new) = (HashSet::new(), 0);
    for mutation in mutations {
        let (version, value) = current(tx, account, &mutation.key)?;
        let is_repeated = !seen.insert(&*mutation.key);
        if version != mutation.version || is_repeated {
            conflicts.push(Conflict {
                key: mutation.key.to_string(),
                error: "version-mismatch",
                version,
                value: value.map(|value| encode(&value)),
            });
        }
        new += i64::from(version == NEVER);
    }
    if !conflicts.is_empty() {
        return Ok(Err(conflicts));
    }
    let values = "SELECT COUNT(*) FROM sync_values WHERE account_id = $1";
    if new > 0 && count(tx.conn, values, account)? + new > MAX_VALUES {
        return Err(Error::Full("keys"));
    }
    for mutation in mutations {
        write(tx, account, mutation)?;
    }
    let changes = mutations.iter().map(|it| Change {
        key: &it.key,
        value: it.value.as_deref(),
        version: it.version + 1,
    });
    tx.tell(account, Audience::Users, &Told { changes: changes.collect() })?;
    let written = mutations.iter().map(|it| Written { key: it.key.to_string(), version: it.version + 1 });
    Ok(Ok(written.collect()))
}

fn current(tx: &mut Tx<'_, '_>, account: &str, key: &str) -> Result<(i64, Option<Vec<u8>>), Error> {
    let found = tx.conn.query_opt(
        "SELECT version, value FROM sync_values WHERE account_id = $1 AND key = $2",
        &[v(account), v(key)],
        |row| Ok::<_, Error>((row.int(0)?, row.opt_blob(1)?.map(<[u8]>::to_vec))),
    )?;
    Ok(found.unwrap_or((NEVER, None)))
}

fn write(tx: &mut Tx<'_, '_>, account: &str, mutation: &Mutation) -> Result<(), Error> {
    // An empty value is none (spec/sync.md §2.6).
    let value = mutation.value.as_deref().map(lenient).filter(|value| !value.is_empty());
    tx.conn.execute(
        "INSERT INTO sync_values (account_id, key, value, version, updated_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (account_id, key)
         DO UPDATE SET value = excluded.value, version = excluded.version, updated_at = excluded.updated_at",
        &[v(account), v(&*mutation.key), v(value.as_ref()), v(mutation.version + 1), v(tx.now)],
    )?;
    Ok(())
}
