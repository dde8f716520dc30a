//! When blobs were last spoken of, and who is removing one.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use clock::{micros, now_micros};
use oci::Digest;
use store::{Database, Error, v};
use tokio::time::sleep;
use uuid::Uuid;

/// After this a remover has removed nothing and does not come back: it gives up long before.
const LEASE: Duration = Duration::from_mins(1);

/// Between two looks whether somebody has removed a blob.
const PAUSE: Duration = Duration::from_millis(20);

const TOUCH: &str = "INSERT INTO blob_touches (digest, touched) VALUES ($1, $2)
    ON CONFLICT (digest) DO UPDATE SET touched = excluded.touched, remover = NULL
    WHERE blob_touches.removed_until < excluded.touched";

const REMOVE: &str =
    "INSERT INTO blob_touches (digest, touched, remover, removed_until) VALUES ($1, 0, $2, $3)
    ON CONFLICT (digest) DO UPDATE SET remover = excluded.remover, removed_until = excluded.removed_until
    WHERE blob_touches.removed_until < $4 AND blob_touches.touched < $5";

/// Notes that a blob is spoken of now, and when that is. Waits for who is just removing it.
pub(super) async fn touch(database: &Database, digest: &Digest) -> Result<i64, Error> {
    loop {
        let (text, now) = (digest.to_string(), now_micros());
        let changed = database.write_brief(move |c| c.execute(TOUCH, &[v(&text), v(now)])).await?;
        if changed > 0 {
            return Ok(now);
        }
        sleep(PAUSE).await;
    }
}

/// Forgets what [`touch`] noted of a blob that is not there.
pub(super) async fn forget(database: &Database, digest: &Digest, noted: i64) -> Result<(), Error> {
    let text = digest.to_string();
    let sql = "DELETE FROM blob_touches WHERE digest = $1 AND touched = $2";
    database.write_brief(move |c| c.execute(sql, &[v(&text), v(noted)])).await.map(drop)
}

/// The right to remove a blob, for a while.
pub(super) struct Removal {
    digest: String,
    remover: String,
}

impl Removal {
    /// Not if it was spoken of since `before`, or if somebody else is at it.
    pub(super) async fn begin(
        database: &Database,
        digest: &Digest,
        before: Option<SystemTime>,
    ) -> Result<Option<Self>, Error> {
        let (text, name) = (digest.to_string(), Uuid::now_v7().to_string());
        let removal = Self { digest: text.clone(), remover: name.clone() };
        let before = before.map_or(i64::MAX, since_epoch);
        let now = now_micros();
        let until = now + micros(LEASE);
        let params = move |c: &mut store::Conn<'_>| {
            c.execute(REMOVE, &[v(&text), v(&name), v(until), v(now), v(before)])
        };
        Ok((database.write_brief(params).await? > 0).then_some(removal))
    }

    /// It is gone.
    pub(super) async fn end(self, database: &Database) -> Result<(), Error> {
        let sql = "DELETE FROM blob_touches WHERE digest = $1 AND remover = $2";
        let end = move |c: &mut store::Conn<'_>| c.execute(sql, &[v(&self.digest), v(&self.remover)]);
        database.write_brief(end).await.map(drop)
    }
}

/// For when nobody else can be at it.
pub(super) async fn release_all(database: &Database) -> Result<(), Error> {
    let sql = "UPDATE blob_touches SET remover = NULL, removed_until = 0 WHERE removed_until > 0";
    database.write(move |c| c.execute(sql, &[])).await.map(drop)
}

/// When those of `digests` that have a row were last spoken of, in microseconds.
pub(super) async fn touched(
    database: &Database,
    first: &Digest,
    last: &Digest,
) -> Result<Vec<(String, i64)>, Error> {
    let (first, last) = (first.to_string(), last.to_string());
    let sql = "SELECT digest, touched FROM blob_touches WHERE digest >= $1 AND digest <= $2";
    database
        .read(move |c| c.query(sql, &[v(&first), v(&last)], |row| Ok((row.string(0)?, row.int(1)?))))
        .await
}

fn since_epoch(time: SystemTime) -> i64 {
    micros(time.duration_since(UNIX_EPOCH).unwrap_or_default())
}
