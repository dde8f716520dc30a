//! Who has an upload, as the database knows it.

use std::sync::Arc;
use std::time::Duration;

use clock::{micros, now_micros};
use oci::UploadId;
use store::{Conn, Database, v};
use tokio::time::sleep;
use uuid::Uuid;

use super::lease::LEASE;
use crate::UploadError;

/// How often the others are told that we live.
const BEAT: Duration = Duration::from_secs(20);

/// Of the upload and of who has it.
#[derive(Clone)]
pub(super) struct Names {
    pub(super) id: Arc<str>,
    pub(super) holder: Arc<str>,
}

impl Names {
    /// Nobody else is called like this.
    pub(super) fn new(id: UploadId) -> Self {
        Self { id: id.to_string().into(), holder: Uuid::now_v7().to_string().into() }
    }
}

/// Whoever comes next may have it.
pub(super) async fn release(database: &Database, names: Names) -> Result<(), UploadError> {
    let sql = "UPDATE blob_uploads SET holder = NULL, held_until = 0 WHERE id = $1 AND holder = $2";
    let params = move |c: &mut Conn<'_>| c.execute(sql, &[v(&*names.id), v(&*names.holder)]);
    Ok(database.write_brief(params).await.map(drop)?)
}

/// Says that we live, for ever.
pub(super) async fn beat(database: Database, names: Names) {
    let sql = "UPDATE blob_uploads SET held_until = $3 WHERE id = $1 AND holder = $2";
    loop {
        sleep(BEAT).await;
        let names = names.clone();
        let until = now_micros() + micros(LEASE);
        let beaten =
            database.write_brief(move |c| c.execute(sql, &[v(&*names.id), v(&*names.holder), v(until)]));
        // One that fails is followed by the next; who has lost the right learns it with what it writes.
        _ = beaten.await;
    }
}
