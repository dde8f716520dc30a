//! How much room somebody uses (spec/registry.md §4.7): the sum of their distinct blobs, however many images need them.

use atproto::Did;
use store::{Conn, v};

use crate::keep::layers_in;
use crate::{Error, Hold, Tiers};

/// What somebody has here.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    /// Distinct blobs.
    pub blobs: u64,
    /// What they come to.
    pub bytes: u64,
    /// How much it may be; none stands for as much as there is.
    pub limit: Option<u64>,
}

impl Usage {
    /// Whether there is no room left at all.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.limit.is_some_and(|limit| self.bytes >= limit)
    }
}

impl Hold {
    /// Whether `owner` has no room left at all. Where there is no limit, nothing is read.
    pub async fn is_full(&self, owner: &Did) -> Result<bool, Error> {
        Ok(!self.inner().tiers.is_empty() && self.usage(owner).await?.is_full())
    }

    /// What `owner` has here.
    pub async fn usage(&self, owner: &Did) -> Result<Usage, Error> {
        let is_captain = *owner == self.captain().owner;
        let (owner, tiers) = (owner.clone(), self.inner().tiers.clone());
        let read = self.inner().state.read(move |conn| {
            let limit = if is_captain { None } else { limit(conn, owner.as_str(), &tiers)? };
            let sql = "SELECT blobs, bytes FROM hold_usage WHERE owner_did = $1";
            let used = conn.query_opt(sql, &[v(owner.as_str())], |row| Ok((row.int(0)?, row.int(1)?)))?;
            Ok::<_, store::Error>(usage(used.unwrap_or_default(), limit))
        });
        Ok(read.await?)
    }
}

/// How much room somebody has: as their place in the crew says, or as everybody.
fn limit(conn: &mut Conn<'_>, owner: &str, tiers: &Tiers) -> Result<Option<u64>, store::Error> {
    if tiers.is_empty() {
        return Ok(None);
    }
    let sql = "SELECT tier FROM hold_crew WHERE member = $1";
    let tier =
        conn.query_opt(sql, &[v(owner)], |row| Ok::<_, store::Error>(row.opt_text(0)?.map(str::to_owned)))?;
    Ok(tiers.quota(tier.flatten().as_deref()))
}

pub(crate) fn usage((blobs, bytes): (i64, i64), limit: Option<u64>) -> Usage {
    Usage { blobs: blobs.unsigned_abs(), bytes: bytes.unsigned_abs(), limit }
}

/// Counts those of `layers` that `owner` does not have yet, before they are inserted. Without tiers there is no limit.
///
/// The row of the owner is what keeps two images that come at once apart.
pub(crate) fn grow(
    conn: &mut Conn<'_>,
    owner: &str,
    layers: &str,
    tiers: Option<&Tiers>,
) -> Result<Usage, Error> {
    let (more_blobs, more_bytes) = not_of(conn, owner, layers)?;
    let sql = "INSERT INTO hold_usage (owner_did, blobs, bytes) VALUES ($1, $2, $3)
        ON CONFLICT (owner_did) DO UPDATE SET blobs = hold_usage.blobs + excluded.blobs,
            bytes = hold_usage.bytes + excluded.bytes
        RETURNING blobs, bytes";
    let used = conn.query_one(sql, &[v(owner), v(more_blobs), v(more_bytes)], |row| {
        Ok::<_, store::Error>((row.int(0)?, row.int(1)?))
    })?;
    let limit = tiers.map_or(Ok(None), |tiers| limit(conn, owner, tiers))?;
    let usage = usage(used, limit);
    match limit {
        Some(limit)
            if usage.bytes > limit && more_bytes > 0 && !faults::mutant!("hold-quota-not-enforced") =>
        {
            let more = more_bytes.unsigned_abs();
            Err(Error::Quota { limit, used: usage.bytes - more, more })
        }
        _ => Ok(usage),
    }
}

/// Counts those of `layers` that `owner` does not have any more, after they were removed.
pub(crate) fn shrink(conn: &mut Conn<'_>, owner: &str, layers: &str) -> Result<(), store::Error> {
    let (blobs, bytes) = not_of(conn, owner, layers)?;
    let sql = "UPDATE hold_usage SET blobs = blobs - $2, bytes = bytes - $3 WHERE owner_did = $1";
    conn.execute(sql, &[v(owner), v(blobs), v(bytes)])?;
    Ok(())
}

/// How many of `layers` no image of `owner` needs, and what they come to.
fn not_of(conn: &mut Conn<'_>, owner: &str, layers: &str) -> Result<(i64, i64), store::Error> {
    let sql = format!(
        "SELECT COUNT(*), CAST(COALESCE(SUM(CAST(value->>'size' AS BIGINT)), 0) AS BIGINT) FROM {}
        WHERE NOT EXISTS
            (SELECT 1 FROM hold_layers WHERE digest = value->>'digest' AND owner_did = $1 {})",
        layers_in(conn.engine(), 2),
        if faults::mutant!("hold-blob-counted-twice") { "AND FALSE" } else { "" }
    );
    conn.query_one(&sql, &[v(owner), v(layers)], |row| Ok((row.int(0)?, row.int(1)?)))
}
