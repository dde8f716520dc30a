//! The primary domain follows the configuration.

use store::{Conn, v};
use uuid::Uuid;

use crate::{Error, clock::now_micros, settings};

/// The row of `instance_settings` with the origin that was configured when the server last started.
const CONFIGURED: &str = "public_url";

/// The origin that was configured when the server last started.
pub(super) fn configured(conn: &mut Conn<'_>) -> Result<Option<String>, Error> {
    let find = "SELECT value FROM instance_settings WHERE key = $1";
    Ok(conn.query_opt(find, &[v(CONFIGURED)], |row| row.string(0))?)
}

/// Makes `origin` the primary domain, unless it was configured before: then an operator may have promoted another since.
pub(super) fn follow(conn: &mut Conn<'_>, origin: &str) -> Result<(), Error> {
    let before = configured(conn)?;
    if before.as_deref() == Some(origin) {
        return Ok(());
    }
    let now = now_micros();
    // The server moved, so the row of the old address is now that of the new one, unless that has one.
    conn.execute(
        "UPDATE domains SET url = $1, updated_at = $3 WHERE url = $2 \
         AND NOT EXISTS (SELECT 1 FROM domains WHERE url = $1)",
        &[v(origin), v(before.as_deref().unwrap_or_default()), v(now)],
    )?;
    conn.execute(
        "INSERT INTO domains (id, url, is_primary, created_at, updated_at) VALUES ($1, $2, 0, $3, $3) \
         ON CONFLICT (url) DO NOTHING",
        &[v(&Uuid::now_v7().to_string()), v(origin), v(now)],
    )?;
    promote(conn, origin, now)?;
    Ok(settings::put(conn, CONFIGURED, origin)?)
}

/// Swaps the primary domain. One statement after the other: there is never more than one.
pub(super) fn promote(conn: &mut Conn<'_>, url: &str, now: i64) -> Result<(), store::Error> {
    conn.execute(
        "UPDATE domains SET is_primary = 0, updated_at = $2 WHERE is_primary = 1 AND url <> $1",
        &[v(url), v(now)],
    )?;
    conn.execute(
        "UPDATE domains SET is_primary = 1, updated_at = $2 WHERE is_primary = 0 AND url = $1",
        &[v(url), v(now)],
    )?;
    Ok(())
}
