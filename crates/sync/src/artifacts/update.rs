//! Changing an artifact: both parts or none, each by compare and set.

use std::sync::Arc;

use serde_json::{Map, Value, json};
use store::v;

use super::artifact::Artifact;
use super::read::find;
use crate::Error;
use crate::kept::size_of;
use crate::updates::{Audience, Tx};
use crate::wire::strict;

/// A part as somebody wants it.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    /// In base64.
    pub(crate) data: String,
    pub(crate) expected: i64,
}

/// What is to be changed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Changes {
    pub(crate) header: Option<Part>,
    pub(crate) body: Option<Part>,
}

/// What became of it.
pub(crate) enum Outcome {
    /// The versions now, of the parts that were changed.
    Written { header: Option<i64>, body: Option<i64> },
    /// Version and content of the parts that are not what the caller thought.
    Mismatch { header: Option<(i64, String)>, body: Option<(i64, String)> },
}

/// Writes what is to be changed if all of it is still as expected.
pub(crate) fn update(
    tx: &mut Tx<'_, '_>,
    account: &Arc<str>,
    id: &str,
    changes: &Changes,
) -> Result<Outcome, Error> {
    let bytes = |part: &Option<Part>| match part {
        Some(part) => strict(&part.data).map(Some).ok_or(Error::Invalid("Not base64")),
        None => Ok(None),
    };
    let (header, body) = (bytes(&changes.header)?, bytes(&changes.body)?);
    let (header_version, body_version) = (expected(changes.header.as_ref()), expected(changes.body.as_ref()));
    let replaced = tx.conn.query_opt(
        "SELECT CASE WHEN CAST($3 AS BIGINT) IS NULL THEN 0 ELSE OCTET_LENGTH(header) END
                + CASE WHEN CAST($4 AS BIGINT) IS NULL THEN 0 ELSE OCTET_LENGTH(body) END
         FROM sync_artifacts
         WHERE id = $1 AND account_id = $2
           AND header_version = COALESCE($3, header_version) AND body_version = COALESCE($4, body_version)",
        &[v(id), v(&**account), v(header_version), v(body_version)],
        |row| row.int(0),
    )?;
    let Some(replaced) = replaced else {
        return Ok(mismatch(find(tx.conn, account, id)?, header_version, body_version));
    };
    tx.keep(account, size_of(header.as_ref()) + size_of(body.as_ref()) - replaced);
    tx.conn.execute(
        "UPDATE sync_artifacts
         SET header = COALESCE($3, header), body = COALESCE($5, body),
             header_version = COALESCE(CAST($4 AS BIGINT) + 1, header_version),
             body_version = COALESCE(CAST($6 AS BIGINT) + 1, body_version),
             seq = seq + 1, updated_at = $7
         WHERE id = $1 AND account_id = $2",
        &[
            v(id),
            v(&**account),
            v(header.as_ref()),
            v(header_version),
            v(body.as_ref()),
            v(body_version),
            v(tx.now),
        ],
    )?;
    tell(tx, account, id, changes)?;
    let next = |version: Option<i64>| version.map(|version| version + 1);
    Ok(Outcome::Written { header: next(header_version), body: next(body_version) })
}

fn expected(part: Option<&Part>) -> Option<i64> {
    part.map(|part| part.expected)
}

fn mismatch(now: Artifact, header: Option<i64>, body: Option<i64>) -> Outcome {
    let differs = |expected: Option<i64>, version: i64, data: String| {
        expected.filter(|expected| *expected != version).map(|_| (version, data))
    };
    let rest = now.rest;
    Outcome::Mismatch {
        header: differs(header, rest.header_version, rest.header),
        body: differs(body, rest.body_version, rest.body),
    }
}

fn tell(tx: &mut Tx<'_, '_>, account: &Arc<str>, id: &str, changes: &Changes) -> Result<(), Error> {
    let mut told = Map::new();
    told.insert("t".to_owned(), json!("update-artifact"));
    told.insert("artifactId".to_owned(), json!(id));
    for (name, part) in [("header", &changes.header), ("body", &changes.body)] {
        if let Some(part) = part {
            told.insert(name.to_owned(), json!({ "value": part.data, "version": part.expected + 1 }));
        }
    }
    tx.tell(account, Audience::Users, &Value::Object(told))
}
