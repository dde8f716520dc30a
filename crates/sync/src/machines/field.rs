//! The two fields of a machine that only clients can read: each written by compare and set (spec/sync.md §3.3).

use std::sync::Arc;

use serde_json::json;
use store::v;

use crate::Error;
use crate::field::Outcome;
use crate::kept;
use crate::updates::{Audience, Tx};

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    Metadata,
    /// Writing it is a sign of life, too.
    DaemonState,
}

/// Writes the field if its version is `expected`. In either case the answer is what is there now.
pub(crate) fn update(
    tx: &mut Tx<'_, '_>,
    account: &Arc<str>,
    machine: &Arc<str>,
    field: Field,
    value: &str,
    expected: i64,
) -> Result<Outcome, Error> {
    let (size, write) = match field {
        Field::Metadata => (
            "SELECT OCTET_LENGTH(metadata) FROM sync_machines
             WHERE id = $1 AND account_id = $2 AND metadata_version = $3",
            "UPDATE sync_machines
             SET metadata = $3, metadata_version = metadata_version + 1, updated_at = $4
             WHERE id = $1 AND account_id = $2 RETURNING metadata_version",
        ),
        Field::DaemonState => (
            "SELECT COALESCE(OCTET_LENGTH(daemon_state), 0) FROM sync_machines
             WHERE id = $1 AND account_id = $2 AND daemon_state_version = $3",
            "UPDATE sync_machines
             SET daemon_state = $3, daemon_state_version = daemon_state_version + 1, updated_at = $4,
                 active = 1, active_at = $4
             WHERE id = $1 AND account_id = $2 RETURNING daemon_state_version",
        ),
    };
    let Some(replaced) = Outcome::size(tx, size, [machine, account], expected)? else {
        return current(tx, account, machine, field);
    };
    tx.keep(account, kept::size(value) - replaced);
    let values = [v(&**machine), v(&**account), v(value), v(tx.now)];
    let version = tx.conn.query_one(write, &values, |row| row.int(0))?;
    let changed = json!({ "value": value, "version": version });
    let body = match field {
        Field::Metadata => json!({ "t": "update-machine", "machineId": &**machine, "metadata": changed }),
        Field::DaemonState => {
            json!({ "t": "update-machine", "machineId": &**machine, "daemonState": changed })
        }
    };
    tx.tell(account, Audience::Machine(machine.clone()), &body)?;
    Ok(Outcome { written: true, version, value: Some(value.to_owned()) })
}

fn current(tx: &mut Tx<'_, '_>, account: &str, machine: &str, field: Field) -> Result<Outcome, Error> {
    let read = match field {
        Field::Metadata => {
            "SELECT metadata_version, metadata FROM sync_machines WHERE id = $1 AND account_id = $2"
        }
        Field::DaemonState => {
            "SELECT daemon_state_version, daemon_state FROM sync_machines WHERE id = $1 AND account_id = $2"
        }
    };
    Outcome::current(tx, read, [machine, account], "Machine")
}
