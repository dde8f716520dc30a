//! What every kind of row has in common.

use accounts::Imported;
use accounts::imported::RowError;
use store::{Conn, v};

use crate::Error;

/// Why a row is not taken over.
pub(super) type Trouble = accounts::imported::Trouble<Error>;

impl RowError for Error {
    fn of_the_database(&self) -> Option<&store::Error> {
        if let Self::Store(error) = self { Some(error) } else { None }
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

/// What an insertion came to that leaves alone what is there.
pub(super) fn added(rows: u64) -> Imported {
    if rows > 0 { Imported::Added } else { Imported::Kept }
}

/// The row of somebody who was taken over, by uuid.
pub(super) fn user(conn: &mut Conn<'_>, uuid: &str) -> Result<i64, Trouble> {
    let found =
        conn.query_opt("SELECT id FROM social_users WHERE uuid = $1", &[v(uuid)], |row| row.int(0))?;
    found.ok_or_else(|| Trouble::refused(format!("the user {uuid} was not taken over")))
}

/// The row of somebody who is at home elsewhere, by the address of the actor.
pub(super) fn actor(conn: &mut Conn<'_>, address: &str) -> Result<i64, Trouble> {
    let found =
        conn.query_opt("SELECT id FROM social_users WHERE ap_id = $1", &[v(address)], |row| row.int(0))?;
    found.ok_or_else(|| Trouble::refused(format!("nothing is known of the actor {address}")))
}

/// The row of a thought that was taken over, by uuid.
pub(super) fn thought(conn: &mut Conn<'_>, uuid: &str) -> Result<i64, Trouble> {
    let sql = "SELECT id FROM social_thoughts WHERE uuid = $1";
    let found = conn.query_opt(sql, &[v(uuid)], |row| row.int(0))?;
    found.ok_or_else(|| Trouble::refused(format!("the thought {uuid} was not taken over")))
}
