//! An artifact as clients see it.

use serde::Serialize;
use store::Row;

use crate::Error;
use crate::wire::{encode, millis};

/// The columns that [`Artifact::load`] reads, in its order.
macro_rules! columns {
    () => {
        "id, header, header_version, body, body_version, data_key, seq, created_at, updated_at"
    };
}
pub(super) use columns;

/// The object `F` of spec/sync.md §2.4.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Artifact {
    id: String,
    #[serde(flatten)]
    pub(super) rest: Rest,
}

/// All but its name, which has another one in updates.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Rest {
    pub(super) header: String,
    pub(super) header_version: i64,
    pub(super) body: String,
    pub(super) body_version: i64,
    data_encryption_key: String,
    seq: i64,
    created_at: i64,
    updated_at: i64,
}

impl Artifact {
    pub(super) fn load(row: &Row<'_>) -> Result<Self, Error> {
        let rest = Rest {
            header: encode(row.blob(1)?),
            header_version: row.int(2)?,
            body: encode(row.blob(3)?),
            body_version: row.int(4)?,
            data_encryption_key: encode(row.blob(5)?),
            seq: row.int(6)?,
            created_at: millis(row.int(7)?),
            updated_at: millis(row.int(8)?),
        };
        Ok(Self { id: row.string(0)?, rest })
    }
}

/// As sockets are given it: without the key.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Read {
    id: String,
    header: String,
    header_version: i64,
    body: String,
    body_version: i64,
    seq: i64,
    created_at: i64,
    updated_at: i64,
}

impl From<Artifact> for Read {
    fn from(Artifact { id, rest }: Artifact) -> Self {
        let Rest { header, header_version, body, body_version, seq, created_at, updated_at, .. } = rest;
        Self { id, header, header_version, body, body_version, seq, created_at, updated_at }
    }
}
