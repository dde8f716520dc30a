//! Writing values: every key by compare and set, all or none, in as many statements for a hundred keys as for one.

use std::collections::{HashMap, HashSet};
use std::fmt::Write;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use store::{Value, v};

use super::count::add_keys;
use super::read::{Head, Item, get_all, heads};
use crate::Error;
use crate::kept::size_of;
use crate::limits::MAX_VALUES;
use crate::portion::{Fit, PAGE};
use crate::updates::{Audience, Tx};
use crate::wire::{Label, Opaque, lenient, strict};

/// The version of a key that was never written.
const NEVER: i64 = -1;

#[derive(Deserialize)]
pub(super) struct Mutation {
    key: Label,
    /// Base64; `null` removes the value and keeps the version. It must be there: one that is forgotten removes nothing.
    #[serde(deserialize_with = "Option::deserialize")]
    value: Option<Opaque>,
    version: i64,
}

impl Mutation {
    /// How much of a client's it writes.
    pub(super) fn bytes(&self) -> usize {
        self.key.len() + self.value.as_ref().map_or(0, |value| value.len())
    }
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

/// What was written, in the order of the request, or the keys that are in the way: all of them, unless their values are so large that
/// the others have to wait for the next attempt.
pub(super) fn mutate(
    tx: &mut Tx<'_, '_>,
    account: &Arc<str>,
    mutations: &[Mutation],
) -> Result<Result<Vec<Written>, Vec<Conflict>>, Error> {
    let mut conflicts = Vec::new();
    let (mut seen, mut new) = (HashSet::new(), 0);
    let keys: Vec<&str> = mutations.iter().map(|mutation| &*mutation.key).collect();
    let current = heads(tx.conn, account, &keys)?;
    for mutation in mutations {
        let current = current.get(&*mutation.key);
        let version = current.map_or(NEVER, |current| current.version);
        let is_repeated = !seen.insert(&*mutation.key);
        let is_expected = version == mutation.version || faults::mutant!("sync-value-version-not-compared");
        if !is_expected || is_repeated {
            conflicts.push((&*mutation.key, version));
        }
        new += i64::from(version == NEVER);
    }
    if !conflicts.is_empty() {
        return with_values(tx, account, &conflicts, &current).map(Err);
    }
    if new > 0 && add_keys(tx.conn, account, new)? > MAX_VALUES {
        return Err(Error::Full("keys"));
    }
    let replaced: i64 = current.values().map(|head| head.bytes).sum();
    let written = write(tx, account, mutations)?;
    tx.keep(account, written - replaced);
    let changes = mutations.iter().map(|it| Change {
        key: &it.key,
        value: it.value.as_deref(),
        version: it.version + 1,
    });
    tx.tell(account, Audience::Users, &Told { changes: changes.collect() })?;
    let written = mutations.iter().map(|it| Written { key: it.key.to_string(), version: it.version + 1 });
    Ok(Ok(written.collect()))
}

/// Keys that are in the way, with what is there.
fn with_values(
    tx: &mut Tx<'_, '_>,
    account: &str,
    conflicts: &[(&str, i64)],
    current: &HashMap<String, Head>,
) -> Result<Vec<Conflict>, Error> {
    let mut fit = Fit::NONE;
    for (key, _) in conflicts {
        fit.add(current.get(*key).map_or(0, |head| head.bytes), i64::MAX, PAGE);
    }
    let conflicts = &conflicts[..usize::try_from(fit.rows).unwrap_or(usize::MAX).min(conflicts.len())];
    let keys: Vec<&str> = conflicts.iter().map(|(key, _)| *key).collect();
    let values = get_all(tx.conn, account, &keys)?.into_iter();
    let values: HashMap<String, String> = values.map(|Item { key, value, .. }| (key, value)).collect();
    let conflict = |(key, version): &(&str, i64)| Conflict {
        key: (*key).to_owned(),
        error: "version-mismatch",
        version: *version,
        value: values.get(*key).cloned(),
    };
    Ok(conflicts.iter().map(conflict).collect())
}

/// What is to be stored: nothing for an empty value (spec/sync.md §2.6). Only a key that is new may bring what is not quite base64
/// (spec/sync.md §0): it replaces nothing.
fn decoded(mutation: &Mutation) -> Result<Option<Vec<u8>>, Error> {
    let Some(text) = mutation.value.as_deref() else { return Ok(None) };
    let bytes = match mutation.version {
        NEVER => lenient(text),
        _ => strict(text).ok_or(Error::Invalid("Not base64"))?,
    };
    Ok(Some(bytes).filter(|bytes| !bytes.is_empty()))
}

/// How many bytes were written. Every key occurs once.
fn write(tx: &mut Tx<'_, '_>, account: &str, mutations: &[Mutation]) -> Result<i64, Error> {
    let contents = mutations.iter().map(decoded).collect::<Result<Vec<_>, _>>()?;
    let mut values: Vec<Value<'_>> = vec![v(account), v(tx.now)];
    for (mutation, content) in mutations.iter().zip(&contents) {
        values.extend([v(&*mutation.key), v(content.as_ref()), v(mutation.version + 1)]);
    }
    tx.conn.execute(&insertion(mutations.len()), &values)?;
    Ok(contents.iter().map(|content| size_of(content.as_ref())).sum())
}

/// The statement that writes so many rows. There are as many different ones as a request may have keys.
fn insertion(rows: usize) -> String {
    let mut sql =
        String::from("INSERT INTO sync_values (account_id, updated_at, key, value, version) VALUES ");
    for row in 0..rows {
        let (comma, first) = (if row == 0 { "" } else { ", " }, 3 + 3 * row);
        // A string takes whatever is written to it.
        let _ = write!(sql, "{comma}($1, $2, ${first}, ${}, ${})", first + 1, first + 2);
    }
    sql.push_str(
        " ON CONFLICT (account_id, key)
          DO UPDATE SET value = excluded.value, version = excluded.version, updated_at = excluded.updated_at",
    );
    sql
}
