//! The right to change an upload, among all processes.

use std::time::Duration;

use clock::{micros, now_micros};
use oci::UploadId;
use store::{Conn, Database, v};
use tokio::runtime::Handle;
use tokio::sync::OwnedMutexGuard;
use tokio::task::AbortHandle;

use super::Progress;
use super::holder::{Names, beat, release};
use super::rows::{COLUMNS, Upload, upload};
use crate::UploadError;

/// After this somebody who said nothing has died.
pub(super) const LEASE: Duration = Duration::from_mins(1);

/// Given back when it is dropped, at the latest.
pub(super) struct Lease {
    database: Database,
    names: Names,
    beat: AbortHandle,
    /// Given up after the lease: whoever comes next in this process finds it free.
    progress: Option<OwnedMutexGuard<Option<Progress>>>,
    is_over: bool,
}

impl Lease {
    /// For who is alone in this process. Refused if somebody elsewhere has it.
    pub(super) async fn take(
        database: &Database,
        id: UploadId,
        progress: OwnedMutexGuard<Option<Progress>>,
    ) -> Result<(Self, Upload), UploadError> {
        let names = Names::new(id);
        let ours = names.clone();
        let found = database
            .write_brief(move |c| {
                let now = now_micros();
                let sql = format!(
                    "UPDATE blob_uploads SET holder = $2, held_until = $3 WHERE id = $1 AND held_until < $4 RETURNING {COLUMNS}"
                );
                let until = now + micros(LEASE);
                let taken = c.query_opt(&sql, &[v(&*ours.id), v(&*ours.holder), v(until), v(now)], upload)?;
                if let Some(upload) = taken {
                    return Ok(upload);
                }
                let sql = "SELECT 1 FROM blob_uploads WHERE id = $1";
                let is_there = c.query_opt(sql, &[v(&*ours.id)], |row| row.int(0))?.is_some();
                Err(if is_there { UploadError::Busy } else { UploadError::Unknown })
            })
            .await?;
        let beat = tokio::spawn(beat(database.clone(), names.clone())).abort_handle();
        let progress = Some(progress);
        Ok((Self { database: database.clone(), names, beat, progress, is_over: false }, found))
    }

    /// What this process knows of the upload.
    pub(super) fn known(&self) -> Option<&Progress> {
        self.progress.as_ref()?.as_ref()
    }

    /// The same, which is not known any more then.
    pub(super) fn take_known(&mut self) -> Option<Progress> {
        self.progress.as_mut()?.take()
    }

    /// Says what is known.
    pub(super) fn learn(&mut self, known: Option<Progress>) {
        if let Some(progress) = &mut self.progress {
            **progress = known;
        }
    }

    /// Changes the row, if it is still ours.
    pub(super) async fn change(
        &self,
        change: impl Fn(&mut Conn<'_>, &str, &str) -> Result<u64, store::Error> + Send + 'static,
    ) -> Result<(), UploadError> {
        let names = self.names.clone();
        let changed = self.database.write_brief(move |c| change(c, &names.id, &names.holder)).await?;
        if changed == 0 { Err(UploadError::Busy) } else { Ok(()) }
    }

    /// Gives it back.
    pub(super) async fn end(mut self) -> Result<(), UploadError> {
        let released = release(&self.database, self.names.clone()).await;
        self.is_over = released.is_ok();
        released
    }

    /// Removes the upload, and with it the right to it.
    pub(super) async fn remove(mut self) -> Result<(), UploadError> {
        let removed = self.change(|c, id, holder| {
            let sql = "DELETE FROM blob_uploads WHERE id = $1 AND holder = $2";
            let removed = c.execute(sql, &[v(id), v(holder)])?;
            if removed > 0 {
                c.execute("DELETE FROM blob_parts WHERE upload = $1", &[v(id)])?;
            }
            Ok(removed)
        });
        removed.await?;
        self.is_over = true;
        Ok(())
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.beat.abort();
        if self.is_over {
            return;
        }
        let (database, names, progress) = (self.database.clone(), self.names.clone(), self.progress.take());
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(async move {
                _ = release(&database, names).await;
                drop(progress);
            });
        }
    }
}
