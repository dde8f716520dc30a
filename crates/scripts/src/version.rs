//! The number that counts changes of scripts and variables.

use store::{Conn, Engine};

/// Makes writers wait for each other instead of colliding; first in every transaction that may write.
pub(crate) fn lock(conn: &mut Conn<'_>) -> Result<(), store::Error> {
    if conn.engine() == Engine::Postgres {
        conn.execute("LOCK TABLE appview_script_catalogue IN EXCLUSIVE MODE", &[])?;
    }
    Ok(())
}

/// Takes the next version.
pub(crate) fn next(conn: &mut Conn<'_>) -> Result<i64, store::Error> {
    let sql = "UPDATE appview_script_catalogue SET version = version + 1 WHERE id = 1 RETURNING version";
    conn.query_one(sql, &[], |row| row.int(0))
}

/// The version of what is committed.
pub(crate) fn current(conn: &mut Conn<'_>) -> Result<i64, store::Error> {
    conn.query_one("SELECT version FROM appview_script_catalogue WHERE id = 1", &[], |row| row.int(0))
}
