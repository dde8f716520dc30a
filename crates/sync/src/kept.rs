//! How much is kept for an account, so that it has an end.
//!
//! Counted are the bytes of what clients write and nobody else can judge: the messages, the fields and keys of sessions and machines,
//! artifacts, values, access keys and settings. Attachments have a bound of their own, the log of updates is cut
//! ([`crate::updates`]), and of all else there is a number of rows of a bounded size. The count is in the row of the account's
//! counter, which almost every write changes anyway, so counting costs no statement of its own where it matters.

use store::{Conn, v};

use crate::Error;

/// How many bytes a row of sessions keeps, with its messages.
macro_rules! of_session {
    () => {
        "message_bytes + OCTET_LENGTH(metadata) + COALESCE(OCTET_LENGTH(agent_state), 0)
         + COALESCE(OCTET_LENGTH(data_key), 0)"
    };
}
pub(crate) use of_session;

/// The same of a row of machines.
macro_rules! of_machine {
    () => {
        "OCTET_LENGTH(metadata) + COALESCE(OCTET_LENGTH(daemon_state), 0) + COALESCE(OCTET_LENGTH(data_key), 0)"
    };
}
pub(crate) use of_machine;

/// The same of a row of artifacts.
macro_rules! of_artifact {
    () => {
        "OCTET_LENGTH(header) + OCTET_LENGTH(body) + OCTET_LENGTH(data_key)"
    };
}
pub(crate) use of_artifact;

/// The bytes of what a client wrote.
pub(crate) fn size(content: impl AsRef<[u8]>) -> i64 {
    i64::try_from(content.as_ref().len()).unwrap_or(i64::MAX)
}

/// The same of what it may have left out.
pub(crate) fn size_of(content: Option<impl AsRef<[u8]>>) -> i64 {
    content.map_or(0, size)
}

/// Counts what an account keeps that came from elsewhere: what is taken over is written without being counted.
pub(crate) fn recount(conn: &mut Conn<'_>, account: &str) -> Result<(), Error> {
    conn.execute(
        "UPDATE sync_sessions SET message_bytes =
             COALESCE((SELECT SUM(OCTET_LENGTH(content)) FROM sync_messages WHERE session_id = sync_sessions.id), 0)
         WHERE account_id = $1",
        &[v(account)],
    )?;
    conn.execute(
        concat!(
            "UPDATE sync_account_seqs SET bytes =
                 COALESCE((SELECT OCTET_LENGTH(settings) FROM sync_accounts WHERE id = $1), 0)
                 + COALESCE((SELECT SUM(",
            of_session!(),
            ") FROM sync_sessions WHERE account_id = $1), 0)
                 + COALESCE((SELECT SUM(",
            of_machine!(),
            ") FROM sync_machines WHERE account_id = $1), 0)
                 + COALESCE((SELECT SUM(",
            of_artifact!(),
            ") FROM sync_artifacts WHERE account_id = $1), 0)
                 + COALESCE((SELECT SUM(OCTET_LENGTH(data)) FROM sync_access_keys WHERE account_id = $1), 0)
                 + COALESCE((SELECT SUM(OCTET_LENGTH(value)) FROM sync_values WHERE account_id = $1), 0)
             WHERE account_id = $1"
        ),
        &[v(account)],
    )?;
    Ok(())
}
