//! A session as clients see it.

use serde::Serialize;
use store::Row;

use crate::Error;
use crate::wire::{encode, millis};

/// The columns that [`Session::load`] reads, in its order.
macro_rules! columns {
    () => {
        "id, seq, created_at, updated_at, active, active_at, metadata, metadata_version, agent_state, \
         agent_state_version, data_key"
    };
}
pub(super) use columns;

/// How many bytes a row of [`Session::load`] has, as good as.
macro_rules! size {
    () => {
        "OCTET_LENGTH(metadata) + COALESCE(OCTET_LENGTH(agent_state), 0) + COALESCE(OCTET_LENGTH(data_key), 0)"
    };
}
pub(super) use size;

/// The object `S` of spec/sync.md §2.1.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Session {
    pub(crate) id: String,
    seq: i64,
    created_at: i64,
    updated_at: i64,
    active: bool,
    active_at: i64,
    metadata: String,
    metadata_version: i64,
    agent_state: Option<String>,
    agent_state_version: i64,
    data_encryption_key: Option<String>,
}

impl Session {
    pub(super) fn load(row: &Row<'_>) -> Result<Self, Error> {
        Ok(Self {
            id: row.string(0)?,
            seq: row.int(1)?,
            created_at: millis(row.int(2)?),
            updated_at: millis(row.int(3)?),
            active: row.bool(4)?,
            active_at: millis(row.int(5)?),
            metadata: row.string(6)?,
            metadata_version: row.int(7)?,
            agent_state: row.opt_text(8)?.map(str::to_owned),
            agent_state_version: row.int(9)?,
            data_encryption_key: row.opt_blob(10)?.map(encode),
        })
    }
}

/// What the first version of the routes adds: always nothing.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WithLastMessage {
    #[serde(flatten)]
    session: Session,
    last_message: Option<()>,
}

impl From<Session> for WithLastMessage {
    fn from(session: Session) -> Self {
        Self { session, last_message: None }
    }
}
