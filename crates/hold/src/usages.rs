//! Who uses how much room, for whoever runs the hold.

use atproto::Did;
use store::v;

use crate::quota::usage;
use crate::{Error, Hold, Usage};

impl Hold {
    /// Who has something here, the greatest first. All of them are looked at.
    pub async fn usages(&self, limit: u32) -> Result<Vec<(Did, Usage)>, Error> {
        let (captain, tiers) = (self.captain().owner.clone(), self.inner().tiers.clone());
        let read = self.inner().state.read(move |conn| {
            let sql = "SELECT u.owner_did, u.blobs, u.bytes, c.tier FROM hold_usage u
                LEFT JOIN hold_crew c ON c.member = u.owner_did
                WHERE u.blobs > 0 ORDER BY u.bytes DESC, u.owner_did LIMIT $1";
            conn.query(sql, &[v(limit)], |row| {
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
}
