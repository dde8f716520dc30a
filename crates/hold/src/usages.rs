//! Who uses how much room, for whoever runs the hold.

use atproto::Did;
use store::v;

use crate::quota::usage;
use crate::{Error, Hold, Usage};

/// What everybody has here together. A blob that several need counts for each of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Total {
    /// Who has something here.
    pub owners: u64,
    /// Their blobs.
    pub blobs: u64,
    /// What those come to.
    pub bytes: u64,
}

impl Hold {
    /// Who has something here, the greatest first: at most `limit`, behind who has so many bytes. No more rows than that are read.
    pub async fn usages(&self, behind: Option<(u64, &Did)>, limit: u32) -> Result<Vec<(Did, Usage)>, Error> {
        let (captain, tiers) = (self.captain().owner.clone(), self.inner().tiers.clone());
        // Nobody has more than the first, and every DID is greater than nothing.
        let (bytes, owner) =
            behind.map_or((u64::MAX, String::new()), |(bytes, owner)| (bytes, owner.to_string()));
        let bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
        let read = self.inner().state.read(move |conn| {
            let sql = "SELECT u.owner_did, u.blobs, u.bytes, c.tier FROM hold_usage u
                LEFT JOIN hold_crew c ON c.member = u.owner_did
                WHERE u.blobs > 0 AND u.bytes <= $1 AND (u.bytes < $1 OR u.owner_did > $2)
                ORDER BY u.bytes DESC, u.owner_did LIMIT $3";
            conn.query(sql, &[v(bytes), v(&owner), v(limit)], |row| {
                let owner = Did::parse(row.text(0)?);
                let owner =
                    owner.map_err(|error| store::Error::Column { column: 0, message: error.to_string() })?;
                let limit = if owner == captain { None } else { tiers.quota(row.opt_text(3)?) };
                let used = usage((row.int(1)?, row.int(2)?), limit);
                Ok::<_, store::Error>((owner, used))
            })
        });
        Ok(read.await?)
    }

    /// What they have together. A row is read for each of them.
    pub async fn total(&self) -> Result<Total, Error> {
        let read = self.inner().state.read(|conn| {
            let sql = "SELECT COUNT(*), CAST(COALESCE(SUM(blobs), 0) AS BIGINT), CAST(COALESCE(SUM(bytes), 0) AS BIGINT)
                FROM hold_usage WHERE blobs > 0";
            conn.query_one(sql, &[], |row| {
                let number = |column| Ok::<_, store::Error>(row.int(column)?.unsigned_abs());
                Ok::<_, store::Error>(Total { owners: number(0)?, blobs: number(1)?, bytes: number(2)? })
            })
        });
        Ok(read.await?)
    }
}
