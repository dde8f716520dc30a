//! A message as clients see it.

use serde::Serialize;
use store::Row;

use crate::Error;
use crate::wire::millis;

/// The object `M` of spec/sync.md §2.1.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct MessageView {
    id: String,
    seq: i64,
    content: Content,
    local_id: Option<String>,
    created_at: i64,
    updated_at: i64,
}

#[derive(Serialize)]
#[serde(tag = "t", rename = "encrypted")]
struct Content {
    c: String,
}

impl MessageView {
    /// Of `seq, id, local_id, content, created_at`.
    pub(super) fn load(row: &Row<'_>) -> Result<Self, Error> {
        let created_at = millis(row.int(4)?);
        Ok(Self {
            seq: row.int(0)?,
            id: row.string(1)?,
            local_id: row.opt_text(2)?.map(str::to_owned),
            content: Content { c: row.string(3)? },
            created_at,
            updated_at: created_at,
        })
    }
}

/// What its sender is told of a message.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Receipt {
    pub(super) id: String,
    pub(super) seq: i64,
    pub(super) local_id: Option<String>,
    pub(super) created_at: i64,
    pub(super) updated_at: i64,
}

impl Receipt {
    /// Of `seq, id, local_id, created_at`.
    pub(super) fn load(row: &Row<'_>) -> Result<Self, Error> {
        let created_at = millis(row.int(3)?);
        let local_id = row.opt_text(2)?.map(str::to_owned);
        Ok(Self { seq: row.int(0)?, id: row.string(1)?, local_id, created_at, updated_at: created_at })
    }
}
