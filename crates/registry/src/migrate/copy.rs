//! Writing at the PDS what is here, and looking whether it is there.

use std::time::Duration;

use atproto::{Cid, Nsid, RecordKey};
use http::{HeaderValue, StatusCode, header::RETRY_AFTER};
use records::{RepoAnswer, RepoWrite, RepoWriter};

use super::rewrite::{Moved, moved};
use super::{Error, Migration, collections};

/// How often something is written that the PDS does not take for the moment.
const TRIES: u32 = 8;

/// The longest that is waited for it.
const LONGEST: Duration = Duration::from_mins(5);

/// What became of the records.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Copied {
    /// Records that were written.
    pub records: u64,
    /// Records that were there.
    pub there: u64,
    /// Blobs that were sent.
    pub blobs: u64,
    /// Records that are here and that nobody can read; they stay.
    pub unreadable: u64,
}

impl Migration {
    /// Writes all records there that are not there yet, each after the bytes that it refers to. `told` is told of each.
    pub async fn copy(&self, told: impl Fn()) -> Result<Copied, Error> {
        let mut copied = Copied::default();
        for collection in collections() {
            let theirs = self.theirs(&collection).await?;
            let mut after = None;
            loop {
                let (page, next) = self.page(&collection, after.take()).await?;
                for record in page {
                    told();
                    let Some(moved) = moved(&record.json, &self.from, &self.to) else {
                        copied.unreadable += 1;
                        continue;
                    };
                    if theirs.get(record.rkey.as_str()).is_some_and(|cid| *cid == moved.cid.to_string()) {
                        copied.there += 1;
                        continue;
                    }
                    for (cid, kind) in &moved.blobs {
                        self.send(&collection, &record.rkey, cid, kind).await?;
                        copied.blobs += 1;
                    }
                    self.put(&collection, record.rkey, moved).await?;
                    copied.records += 1;
                }
                match next {
                    Some(next) => after = Some(next),
                    None => break,
                }
            }
        }
        Ok(copied)
    }

    /// How many records are not there, or not as they would be written now.
    pub async fn missing(&self) -> Result<u64, Error> {
        let mut missing = 0;
        for collection in collections() {
            let theirs = self.theirs(&collection).await?;
            let mut after = None;
            loop {
                let (page, next) = self.page(&collection, after.take()).await?;
                for record in page {
                    let Some(moved) = moved(&record.json, &self.from, &self.to) else { continue };
                    let there = theirs.get(record.rkey.as_str());
                    missing += u64::from(there.is_none_or(|cid| *cid != moved.cid.to_string()));
                }
                match next {
                    Some(next) => after = Some(next),
                    None => break,
                }
            }
        }
        Ok(missing)
    }

    async fn send(&self, collection: &Nsid, rkey: &RecordKey, cid: &Cid, kind: &str) -> Result<(), Error> {
        let what = format!("{collection}/{rkey}");
        let blob = self.repos.blob(&self.from, cid).await?.ok_or_else(|| Error::Missing(what.clone()))?;
        let media_type =
            HeaderValue::try_from(kind).unwrap_or(HeaderValue::from_static("application/octet-stream"));
        self.tried(&format!("the bytes of {what}"), async || {
            let length = blob.bytes.len() as u64;
            let body = futures::stream::iter([Ok::<_, std::convert::Infallible>(blob.bytes.clone())]);
            self.session.upload_blob(media_type.clone(), length, body).await
        })
        .await
    }

    async fn put(&self, collection: &Nsid, rkey: RecordKey, moved: Moved) -> Result<(), Error> {
        let what = format!("{collection}/{rkey}");
        let write = RepoWrite::Put { collection: collection.clone(), rkey, record: moved.record };
        self.tried(&what, async || self.session.write(&write).await).await
    }

    /// Asks until the PDS takes it or says that it never will.
    async fn tried(
        &self,
        what: &str,
        ask: impl AsyncFn() -> Result<RepoAnswer, crate::auth::PasswordError>,
    ) -> Result<(), Error> {
        let mut tries = 0;
        loop {
            let answer = ask().await?;
            if answer.status.is_success() {
                return Ok(());
            }
            tries += 1;
            let is_passing =
                answer.status.is_server_error() || answer.status == StatusCode::TOO_MANY_REQUESTS;
            if !is_passing || tries == TRIES {
                let message = String::from_utf8_lossy(&answer.body);
                let message = message.chars().filter(|letter| !letter.is_control()).take(200).collect();
                return Err(Error::Refused { what: what.to_owned(), status: answer.status, message });
            }
            let asked = answer.headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
            let wait = asked.map_or(Duration::from_secs(1 << tries), Duration::from_secs);
            tokio::time::sleep(wait.min(LONGEST)).await;
        }
    }
}
