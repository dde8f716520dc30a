//! Stretches of a source that were never seen.

use store::{Conn, Row, v};

use crate::{Error, Records};

/// A stretch of time of a source whose events are missing here until a backfill repairs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// Its number; 0 until it is written down.
    pub id: i64,
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
            SELECT id, source, from_us, to_us, reason, found_at, repaired_at FROM gaps ORDER BY id DESC LIMIT 100";
        self.index.read(|conn| Ok(conn.query(SQL, &[], from_row)?)).await
    }

    /// The gaps that are still to be repaired, the oldest first; at most a hundred.
    pub async fn open_gaps(&self) -> Result<Vec<Gap>, Error> {
        const SQL: &str = "
            SELECT id, source, from_us, to_us, reason, found_at, repaired_at FROM gaps
            WHERE repaired_at IS NULL ORDER BY id LIMIT 100";
        self.index.read(|conn| Ok(conn.query(SQL, &[], from_row)?)).await
    }

    /// Notes that what was missed is here now.
    pub async fn repair_gap(&self, id: i64, at: i64) -> Result<(), Error> {
        const SQL: &str = "UPDATE gaps SET repaired_at = $2 WHERE id = $1 AND repaired_at IS NULL";
        let repaired = self.index.write(move |conn| conn.execute(SQL, &[v(id), v(at)]));
        Ok(repaired.await.map(drop)?)
    }
}

fn from_row(row: &Row<'_>) -> Result<Gap, store::Error> {
    Ok(Gap {
        id: row.int(0)?,
        source: row.string(1)?,
        from_us: row.int(2)?,
        to_us: row.int(3)?,
        reason: row.string(4)?,
        found_at: row.int(5)?,
        repaired_at: row.opt_int(6)?,
    })
}
