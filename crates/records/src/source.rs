//! How far each source has been applied.

use store::{Row, v};

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
    /// Whoever holds the lease of this name, and how far they are; `None` if nobody ever had it.
    pub async fn holder(&self, name: &str) -> Result<Option<Source>, Error> {
        const SQL: &str = "SELECT source, time_us, holder, lease_expires FROM cursors WHERE source = $1";
        let name = name.to_owned();
        self.index.read(move |conn| Ok(conn.query_opt(SQL, &[v(&name)], Source::from_row)?)).await
    }

    /// Every source that was ever followed. Jobs, labelers and scripts are none, though they hold leases like them.
    pub async fn sources(&self) -> Result<Vec<Source>, Error> {
        const SQL: &str = "SELECT source, time_us, holder, lease_expires FROM cursors
            WHERE source NOT LIKE 'backfill/%' AND source NOT LIKE 'labels/%' AND source NOT LIKE 'scripts/%'
            ORDER BY source";
        self.index.read(|conn| Ok(conn.query(SQL, &[], Source::from_row)?)).await
    }
}

impl Source {
    fn from_row(row: &Row<'_>) -> Result<Self, store::Error> {
        Ok(Self {
            name: row.string(0)?,
            time_us: row.opt_int(1)?,
            holder: row.opt_text(2)?.map(str::to_owned),
            lease_expires: row.int(3)?,
        })
    }
}
