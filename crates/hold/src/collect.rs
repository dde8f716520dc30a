//! Garbage collection (spec/registry.md §4.7): blobs that no image needs are removed, while everything goes on.
//!
//! What counts is written durably by [`Hold::keep`] before anybody is told that an image is there, so nothing that an image needs is
//! ever taken for garbage. Against who is just about to need a blob there is the time at which it was last sent or touched: `keep` writes
//! first and touches then, and the sweep leaves alone what was touched since it looked. Either the sweep sees the touch, or whoever touches
//! sees that the blob is gone.

use std::collections::HashSet;
use std::time::{Duration, SystemTime};

use futures::TryStreamExt;
use futures::future::BoxFuture;
use oci::Digest;
use store::{Engine, v};

use crate::{Error, Hold};

/// What garbage collection found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Collected {
    /// Blobs there are, garbage included.
    pub blobs: u64,
    /// What they come to.
    pub bytes: u64,
    /// Blobs that no image needs, and that are older than the grace period.
    pub garbage: u64,
    /// What those come to; freed, unless it was only looked for.
    pub freed: u64,
    /// Blobs that no image needs, but which somebody may be about to.
    pub young: u64,
}

/// What is done with garbage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sweep {
    /// It is counted.
    DryRun,
    /// It is removed.
    Remove,
}

impl Hold {
    /// Looks through all blobs once. Garbage is what no image needs and nobody has sent or touched for `grace`; after each page `removed`
    /// is told how far it is, and what of that page was removed.
    pub async fn collect(
        &self,
        grace: Duration,
        sweep: Sweep,
        mut removed: impl FnMut(&Collected, Vec<Digest>) -> BoxFuture<'static, Result<(), Error>>,
    ) -> Result<Collected, Error> {
        let mut collected = Collected::default();
        let pages = self.blobs().list();
        futures::pin_mut!(pages);
        while let Some(page) = pages.try_next().await? {
            // Before the rows are read: whoever touches a blob from here on is seen by the sweep.
            let before = SystemTime::now().checked_sub(grace).unwrap_or(SystemTime::UNIX_EPOCH);
            collected.blobs += page.len() as u64;
            collected.bytes += page.iter().map(|entry| entry.size).sum::<u64>();
            let kept = self.kept_of(page.iter().map(|entry| entry.digest.to_string()).collect()).await?;
            let mut gone = Vec::new();
            for entry in page.iter().filter(|entry| !kept.contains(&entry.digest.to_string())) {
                if entry.modified >= before {
                    collected.young += 1;
                    continue;
                }
                let freed = match sweep {
                    Sweep::DryRun => Some(entry.size),
                    Sweep::Remove => self.blobs().sweep(&entry.digest, before).await?,
                };
                match freed {
                    Some(freed) => {
                        collected.garbage += 1;
                        collected.freed += freed;
                        if sweep == Sweep::Remove {
                            gone.push(entry.digest);
                        }
                    }
                    None => collected.young += 1,
                }
            }
            removed(&collected, gone).await?;
        }
        Ok(collected)
    }

    /// Which of these an image needs.
    pub(crate) async fn kept_of(&self, digests: Vec<String>) -> Result<HashSet<String>, Error> {
        let read = self.inner().state.read(move |conn| {
            let sql = match conn.engine() {
                Engine::Sqlite => {
                    "SELECT value FROM json_each($1)
                    WHERE EXISTS (SELECT 1 FROM hold_layers WHERE digest = value)"
                }
                Engine::Postgres => {
                    "SELECT value FROM jsonb_array_elements_text($1::text::jsonb) AS blob (value)
                    WHERE EXISTS (SELECT 1 FROM hold_layers WHERE digest = value)"
                }
            };
            let kept = conn.query(sql, &[v(&serde_json::json!(digests).to_string())], |row| row.string(0))?;
            Ok::<_, store::Error>(
                kept.into_iter()
                    .skip(usize::from(faults::mutant!("hold-garbage-ignores-a-reference")))
                    .collect(),
            )
        });
        Ok(read.await?)
    }
}
