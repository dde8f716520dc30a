//! Removing parts that are not needed any more.

use std::time::{Duration, UNIX_EPOCH};

use oci::Digest;

use super::rows::{self, Part};
use crate::{Error, Hold};

impl Hold {
    /// Removes the blobs of parts, but those that are something else besides: `made` of them, a part of another upload, needed by an image,
    /// here before, or sent or touched since. What stays is left to garbage collection.
    pub(super) async fn sweep_parts(&self, parts: Vec<Part>, made: Option<&Digest>) -> Result<(), Error> {
        let own: Vec<_> =
            parts.into_iter().filter(|part| !part.was_here && Some(&part.digest) != made).collect();
        if own.is_empty() {
            return Ok(());
        }
        let kept = self.kept_of(own.iter().map(|part| part.digest.to_string()).collect()).await?;
        for part in own {
            let digest = part.digest.to_string();
            if kept.contains(&digest) {
                continue;
            }
            let is_part = self.inner().state.read_brief(move |conn| rows::is_part(conn, &digest)).await?;
            if !is_part {
                // To the microsecond, and what was sent in this one may go.
                let sent_at = Duration::from_micros(part.sent_at.unsigned_abs() + 1);
                self.blobs().sweep(&part.digest, UNIX_EPOCH + sent_at).await?;
            }
        }
        Ok(())
    }
}
