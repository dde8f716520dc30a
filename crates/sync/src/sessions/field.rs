//! The two fields of a session that only clients can read: each written by compare and set (spec/sync.md §3.3).

use std::sync::Arc;

use serde_json::json;
use store::v;

use crate::Error;
use crate::field::Outcome;
use crate::kept::size_of;
use crate::updates::{Audience, Tx};

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    Metadata,
    AgentState,
}

/// Writes the field if its version is `expected`. In either case the answer is what is there now.
pub(crate) fn update(
    tx: &mut Tx<'_, '_>,
    account: &Arc<str>,
    session: &Arc<str>,
    field: Field,
    value: Option<&str>,
    expected: i64,
) -> Result<Outcome, Error> {
    let (size, write) = match field {
        Field::Metadata => (
            "SELECT OCTET_LENGTH(metadata) FROM sync_sessions
             WHERE id = $1 AND account_id = $2 AND metadata_version = $3",
            "UPDATE sync_sessions
             SET metadata = $3, metadata_version = metadata_version + 1, updated_at = $4
             WHERE id = $1 AND account_id = $2 RETURNING metadata_version",
        ),
        Field::AgentState => (
            "SELECT COALESCE(OCTET_LENGTH(agent_state), 0) FROM sync_sessions
             WHERE id = $1 AND account_id = $2 AND agent_state_version = $3",
            "UPDATE sync_sessions
             SET agent_state = $3, agent_state_version = agent_state_version + 1, updated_at = $4
             WHERE id = $1 AND account_id = $2 RETURNING agent_state_version",
        ),
    };
    let Some(replaced) = Outcome::size(tx, size, [session, account], expected)? else {
        return current(tx, account, session, field);
    };
    tx.keep(account, size_of(value) - replaced);
    let values = [v(&**session), v(&**account), v(value), v(tx.now)];
    let version = tx.conn.query_one(write, &values, |row| row.int(0))?;
    let changed = json!({ "value": value, "version": version });
    let body = match field {
        Field::Metadata => json!({ "t": "update-session", "id": &**session, "metadata": changed }),
        Field::AgentState => json!({ "t": "update-session", "id": &**session, "agentState": changed }),
    };
    tx.tell(account, Audience::Session(session.clone()), &body)?;
    Ok(Outcome { written: true, version, value: value.map(str::to_owned) })
}

fn current(tx: &mut Tx<'_, '_>, account: &str, session: &str, field: Field) -> Result<Outcome, Error> {
    let read = match field {
        Field::Metadata => {
            "SELECT metadata_version, metadata FROM sync_sessions WHERE id = $1 AND account_id = $2"
        }
        Field::AgentState => {
            "SELECT agent_state_version, agent_state FROM sync_sessions WHERE id = $1 AND account_id = $2"
        }
    };
    Outcome::current(tx, read, [session, account], "Session")
}
