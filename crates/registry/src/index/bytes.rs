//! Bytes of manifests of others, as far as there is room for them: they can be fetched again.

use std::time::Duration;

use bytes::Bytes;
use oci::Digest;
use store::{Value, v};
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use super::Index;

/// Bytes of fetched manifests that are kept.
const MOST: u64 = 1 << 30;

/// How often those that are too much are forgotten.
const EVERY: Duration = Duration::from_mins(10);

impl Index {
    /// Bytes that were fetched.
    pub(crate) async fn bytes(&self, digest: &Digest) -> Result<Option<Vec<u8>>, store::Error> {
        let digest = digest.to_string();
        let read = self.database.read_brief(move |conn| {
            let sql = "SELECT bytes FROM registry_bytes WHERE digest = $1";
            conn.query_opt(sql, &[v(&digest)], |row| Ok(row.blob(0)?.to_vec()))
        });
        read.await
    }

    /// Keeps them.
    pub(crate) async fn keep_bytes(&self, digest: &Digest, bytes: Bytes) -> Result<(), store::Error> {
        let (digest, now) = (digest.to_string(), clock::now_micros());
        let written = self.database.write(move |conn| {
            let sql = "INSERT INTO registry_bytes (digest, bytes, fetched_at) VALUES ($1, $2, $3)
                ON CONFLICT DO NOTHING";
            conn.execute(sql, &[v(&digest), Value::Blob(&bytes), v(now)])
        });
        written.await.map(drop)
    }

    /// Keeps them within bounds for as long as the server runs.
    pub(crate) async fn bound_bytes(self, stop: CancellationToken) {
        let mut ticks = interval(EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                _ = ticks.tick() => {}
                () = stop.cancelled() => return,
            }
            if let Err(error) = self.prune_bytes(MOST).await {
                tracing::warn!(%error, "manifests that were fetched take more room than they should");
            }
        }
    }

    /// Forgets what was fetched longest ago, until there are no more than `limit` bytes.
    pub(crate) async fn prune_bytes(&self, limit: u64) -> Result<(), store::Error> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let written = self.database.write(move |conn| {
            let sql = "DELETE FROM registry_bytes WHERE digest IN (
                SELECT digest FROM (
                    SELECT digest, SUM(LENGTH(bytes)) OVER (ORDER BY fetched_at DESC, digest) AS total
                    FROM registry_bytes
                ) AS newest WHERE total > $1)";
            conn.execute(sql, &[v(limit)])
        });
        written.await.map(drop)
    }
}

#[cfg(test)]
mod tests {
    use oci::Algorithm;

    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn the_oldest_give_way() {
        testkit::on_each_engine(&crate::SCHEMAS, async |store| {
            let index = Index::new(store.index.clone());
            let digests: Vec<_> = (0..4_u8).map(|number| Digest::of(Algorithm::Sha256, &[number])).collect();
            for digest in &digests {
                index.keep_bytes(digest, Bytes::from_static(&[7; 100])).await.unwrap();
            }
            for (limit, kept) in [(400, 4), (399, 3), (200, 2), (0, 0)] {
                index.prune_bytes(limit).await.unwrap();
                let mut found = 0;
                for (number, digest) in digests.iter().enumerate() {
                    let bytes = index.bytes(digest).await.unwrap();
                    assert_eq!(bytes.is_some(), number >= 4 - kept, "{number} of {limit}");
                    found += usize::from(bytes.is_some());
                }
                assert_eq!(found, kept);
            }
        })
        .await;
    }
}
