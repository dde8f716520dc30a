//! Records that were here before the registry made rows of them.
//!
//! The index may be older than the registry, or than the rules by which it reads records. It says which rules made its rows; where they
//! are not today's, all of them are made again before anybody asks.

use records::Records;
use store::{Conn, v};

use super::{Index, projection};

/// Counts up when other rows are made of the same records.
const VERSION: i64 = 1;

/// Records after which it is said how far it is.
const SAID_EVERY: u64 = 10_000;

impl Index {
    /// Makes the rows of all records that are here, unless these rules have made them already; how many records it were. What ends it
    /// in between has it begin again.
    pub(crate) async fn project(&self, records: &Records) -> Result<u64, records::Error> {
        if self.database.read(version).await? == Some(VERSION) {
            return Ok(0);
        }
        let told = |count: u64| {
            if count > 0 && count.is_multiple_of(SAID_EVERY) {
                tracing::info!(count, "reading the records of images that were here before");
            }
        };
        let count = records.project(&projection(), told).await?;
        self.database.write(write).await?;
        if count > 0 {
            tracing::info!(count, "the records of images that were here before have been read");
        }
        Ok(count)
    }
}

fn version(conn: &mut Conn<'_>) -> Result<Option<i64>, store::Error> {
    conn.query_opt("SELECT max(version) FROM registry_projected", &[], |row| row.opt_int(0))
        .map(Option::flatten)
}

fn write(conn: &mut Conn<'_>) -> Result<(), store::Error> {
    conn.execute("DELETE FROM registry_projected WHERE version <> $1", &[v(VERSION)])?;
    let sql = "INSERT INTO registry_projected (version) VALUES ($1) ON CONFLICT DO NOTHING";
    conn.execute(sql, &[v(VERSION)]).map(drop)
}

#[cfg(test)]
mod tests;
