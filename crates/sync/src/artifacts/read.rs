//! Reading artifacts.

use serde::Serialize;
use store::{Conn, v};

use super::artifact::{Artifact, columns};
use crate::Error;
use crate::kept::of_artifact;
use crate::portion::{Fit, LIST, PAGE};
use crate::wire::{encode, millis};

/// Artifacts listed at once.
const LISTED: i64 = 200;

/// One with everything.
pub(crate) fn find(conn: &mut Conn<'_>, account: &str, id: &str) -> Result<Artifact, Error> {
    let sql = concat!("SELECT ", columns!(), " FROM sync_artifacts WHERE id = $1 AND account_id = $2");
    conn.query_opt(sql, &[v(id), v(account)], Artifact::load)?.ok_or(Error::NotFound("Artifact"))
}

/// Without the body, which is the large part.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Listed {
    id: String,
    header: String,
    header_version: i64,
    data_encryption_key: String,
    seq: i64,
    created_at: i64,
    updated_at: i64,
}

/// How many bytes one has with everything.
pub(super) fn size(conn: &mut Conn<'_>, account: &str, id: &str) -> Result<Fit, Error> {
    let sql = concat!("SELECT ", of_artifact!(), " FROM sync_artifacts WHERE id = $1 AND account_id = $2");
    Fit::of(conn, sql, &[v(id), v(account)], 1, PAGE)
}

/// How many of those changed last are listed.
pub(super) fn sizes(conn: &mut Conn<'_>, account: &str) -> Result<Fit, Error> {
    let sql = "SELECT OCTET_LENGTH(header) + OCTET_LENGTH(data_key) FROM sync_artifacts
               WHERE account_id = $1 ORDER BY updated_at DESC LIMIT $2";
    Fit::of(conn, sql, &[v(account), v(LISTED)], LISTED, LIST)
}

/// So many of those changed last.
pub(super) fn list(conn: &mut Conn<'_>, account: &str, rows: i64) -> Result<Vec<Listed>, Error> {
    conn.query(
        "SELECT id, header, header_version, data_key, seq, created_at, updated_at FROM sync_artifacts
         WHERE account_id = $1 ORDER BY updated_at DESC LIMIT $2",
        &[v(account), v(rows)],
        |row| {
            Ok(Listed {
                id: row.string(0)?,
                header: encode(row.blob(1)?),
                header_version: row.int(2)?,
                data_encryption_key: encode(row.blob(3)?),
                seq: row.int(4)?,
                created_at: millis(row.int(5)?),
                updated_at: millis(row.int(6)?),
            })
        },
    )
}
