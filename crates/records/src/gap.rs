//! Stretches of a source that were never seen.

use store::{Conn, v};

use crate::{Error, Records};

/// A stretch of time of a source whose events are missing here until a backfill repairs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// Key of the source's cursor.
    pub source: String,
    /// From this time of the source, in microseconds.
    pub from_us: i64,
    /// To this one.
    pub to_us: i64,
    /// What it was found by.
    pub reason: String,
    /// When it was found, in microseconds.
    pub found_at: i64,
    /// When it was repaired.
    pub repaired_at: Option<i64>,
}

/// Writes a gap down, in the transaction that moves the cursor over it.
pub(crate) fn record(conn: &mut Conn<'_>, gap: &Gap) -> Result<(), store::Error> {
    const SQL: &str = "
        INSERT INTO gaps (source, from_us, to_us, reason, found_at) VALUES ($1, $2, $3, $4, $5)";
    let row = [v(&gap.source), v(gap.from_us), v(gap.to_us), v(&gap.reason), v(gap.found_at)];
    conn.execute(SQL, &row).map(drop)
}

impl Records {
    /// The gaps, the newest first; at most a hundred.
    pub async fn gaps(&self) -> Result<Vec<Gap>, Error> {
        const SQL: &str = "
            SELECT source, from_us, to_us, reason, found_at, repaired_at FROM gaps ORDER BY id DESC LIMIT 100";
        self.index
            .read(|conn| {
                conn.query(SQL, &[], |row| {
                    Ok(Gap {
                        source: row.string(0)?,
                        from_us: row.int(1)?,
                        to_us: row.int(2)?,
                        reason: row.string(3)?,
                        found_at: row.int(4)?,
                        repaired_at: row.opt_int(5)?,
                    })
                })
            })
            .await
    }
}
