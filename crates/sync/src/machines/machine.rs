//! A machine as clients see it.

use serde::Serialize;
use store::Row;

use crate::Error;
use crate::wire::{encode, millis};

/// The columns that [`Machine::load`] reads, in its order.
macro_rules! columns {
    () => {
        "id, metadata, metadata_version, daemon_state, daemon_state_version, data_key, active, active_at, \
         created_at, updated_at"
    };
}
pub(super) use columns;

/// How many bytes a row of [`Machine::load`] has, as good as.
macro_rules! size {
    () => {
        "OCTET_LENGTH(metadata) + COALESCE(OCTET_LENGTH(daemon_state), 0) + COALESCE(OCTET_LENGTH(data_key), 0)"
    };
}
pub(super) use size;

/// The object `Mc` of spec/sync.md §2.3.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Machine {
    id: String,
    #[serde(flatten)]
    pub(super) rest: Rest,
}

/// All but its name, which has another one in updates.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Rest {
    pub(super) metadata: String,
    pub(super) metadata_version: i64,
    daemon_state: Option<String>,
    daemon_state_version: i64,
    data_encryption_key: Option<String>,
    active: bool,
    active_at: i64,
    created_at: i64,
    updated_at: i64,
}

impl Machine {
    pub(super) fn load(row: &Row<'_>) -> Result<Self, Error> {
        let rest = Rest {
            metadata: row.string(1)?,
            metadata_version: row.int(2)?,
            daemon_state: row.opt_text(3)?.map(str::to_owned),
            daemon_state_version: row.int(4)?,
            data_encryption_key: row.opt_blob(5)?.map(encode),
            active: row.bool(6)?,
            active_at: millis(row.int(7)?),
            created_at: millis(row.int(8)?),
            updated_at: millis(row.int(9)?),
        };
        Ok(Self { id: row.string(0)?, rest })
    }
}

/// What reading adds: a number that never changes.
#[derive(Serialize)]
pub(super) struct Numbered {
    #[serde(flatten)]
    machine: Machine,
    seq: u8,
}

impl From<Machine> for Numbered {
    fn from(machine: Machine) -> Self {
        Self { machine, seq: 0 }
    }
}
