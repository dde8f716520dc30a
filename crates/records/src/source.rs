//! How far each source has been applied.

use crate::{Error, Records};

/// A source and its position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its name.
    pub name: String,
    /// Time of the last event whose effects are committed, or when following began, in microseconds.
    pub time_us: Option<i64>,
    /// The instance that follows it, and until when it may say so (microseconds).
    pub holder: Option<String>,
    /// End of the holder's lease, in microseconds.
    pub lease_expires: i64,
}

impl Records {
    /// Every source that was ever followed. Jobs, labelers and scripts are none, though they hold leases like them.
    pub async fn sources(&self) -> Result<Vec<Source>, Error> {
        const SQL: &str = "SELECT source, time_us, holder, lease_expires FROM cursors
            WHERE source NOT LIKE 'backfill/%' AND source NOT LIKE 'labels/%' AND source NOT LIKE 'scripts/%'
            ORDER BY source";
        self.index
            .read(|conn| {
                conn.query(SQL, &[], |row| {
                    Ok(Source {
                        name: row.string(0)?,
                        time_us: row.opt_int(1)?,
                        holder: row.opt_text(2)?.map(str::to_owned),
                        lease_expires: row.int(3)?,
                    })
                })
            })
            .await
    }
}
