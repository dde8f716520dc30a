//! What is noted of an upload while it grows.

use clock::now_micros;
use oci::UploadId;
use store::v;

use super::claim::Held;
use super::rows::Upload;
use crate::UploadError;
use crate::objects::Inner;

const PART: &str = "UPDATE blob_uploads SET parts = $3, sent = $4, tail = 0, tail_name = '', active = $5 WHERE id = $1 AND holder = $2";

const ETAG: &str = "INSERT INTO blob_parts (upload, number, etag) VALUES ($1, $2, $3)
    ON CONFLICT (upload, number) DO UPDATE SET etag = excluded.etag";

const TAIL: &str =
    "UPDATE blob_uploads SET tail = $3, tail_name = $4, active = $5 WHERE id = $1 AND holder = $2";

impl Held {
    /// One more part is in the bucket, with what was behind the others before.
    pub(super) async fn note_part(&mut self, etag: String, length: u64) -> Result<(), UploadError> {
        let Upload { parts, sent, .. } = self.upload;
        let (number, sum) = (count(parts as u64), count(sent + length));
        let note = self.lease.change(move |c, id, holder| {
            let changed = c.execute(PART, &[v(id), v(holder), v(number + 1), v(sum), v(now_micros())])?;
            if changed > 0 {
                c.execute(ETAG, &[v(id), v(number), v(&etag)])?;
            }
            Ok(changed)
        });
        note.await?;
        (self.upload.parts, self.upload.sent) = (parts + 1, sent + length);
        self.upload.set_tail(0, String::new());
        Ok(())
    }

    /// So many bytes are behind the parts.
    pub(super) async fn note_tail(&mut self, tail: u64, name: String) -> Result<(), UploadError> {
        let (bytes, noted) = (count(tail), name.clone());
        let note = self.lease.change(move |c, id, holder| {
            c.execute(TAIL, &[v(id), v(holder), v(bytes), v(&noted), v(now_micros())])
        });
        note.await?;
        self.upload.set_tail(tail, name);
        Ok(())
    }
}

impl Inner {
    /// Removes what was behind the parts before. If that fails it is found with the other strays.
    pub(super) async fn forget_tail(&self, id: UploadId, old: &Upload) {
        if let Some(key) = old.tail_key(id) {
            _ = self.remove(&key).await;
        }
    }
}

/// As the database counts.
fn count(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
