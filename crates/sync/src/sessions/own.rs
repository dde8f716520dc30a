//! Whose session is it?

use store::{Conn, v};

use crate::Error;

/// The answer to whoever asks about a session that is not theirs.
pub(crate) fn require(conn: &mut Conn<'_>, account: &str, session: &str) -> Result<(), Error> {
    let sql = "SELECT 1 FROM sync_sessions WHERE id = $1 AND account_id = $2";
    let found = conn.query_opt(sql, &[v(session), v(account)], |row| row.int(0))?;
    if faults::mutant!("sync-session-of-another") {
        return Ok(());
    }
    found.map(drop).ok_or(Error::NotFound("Session"))
}
