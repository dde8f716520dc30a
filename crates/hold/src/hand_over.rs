//! Everything of an owner, given to another one.

use atproto::Did;
use store::v;

use crate::clear::let_go;
use crate::stats::ADDED;
use crate::{Error, Hold};

impl Hold {
    /// What images of `from` need is from now on needed by those of the same names of `to`, at once: garbage collection never sees it
    /// needed by nobody. Room and counts go along.
    pub async fn hand_over(&self, from: &Did, to: &Did) -> Result<(), Error> {
        let (from, to) = (from.clone(), to.clone());
        let written = self.inner().state.write(move |conn| {
            let owners = [v(from.as_str()), v(to.as_str())];
            conn.execute(
                "INSERT INTO hold_layers (owner_did, repository, manifest, digest, size, media_type, created_at)
                SELECT $2, repository, manifest, digest, size, media_type, created_at FROM hold_layers
                WHERE owner_did = $1 ON CONFLICT DO NOTHING",
                &owners,
            )?;
            let sql = format!(
                "INSERT INTO hold_stats (owner_did, repository, pulls, pushes, last_pull, last_push)
                SELECT $2, repository, pulls, pushes, last_pull, last_push FROM hold_stats WHERE owner_did = $1 {ADDED}"
            );
            conn.execute(&sql, &owners)?;
            let_go(conn, &from)?;
            conn.execute("DELETE FROM hold_usage WHERE owner_did = $1", &owners[1..])?;
            conn.execute(
                "INSERT INTO hold_usage (owner_did, blobs, bytes)
                SELECT $1, count(*), COALESCE(sum(size), 0)
                FROM (SELECT digest, max(size) AS size FROM hold_layers WHERE owner_did = $1 GROUP BY digest) AS distinct_blobs",
                &owners[1..],
            )?;
            Ok::<_, store::Error>(())
        });
        Ok(written.await?)
    }
}
