//! One record.

use atproto::{Did, Nsid, RecordKey};

use crate::asking::{Missing, What};
use crate::{Answer, Asker, Error, How, Policy, ReadThrough, telemetry};

impl ReadThrough {
    /// The record from the index, or else from its author's host, if `policy` allows it; which is looked up only when the
    /// record is not here.
    pub async fn record(
        &self,
        did: &Did,
        collection: &Nsid,
        rkey: &RecordKey,
        policy: impl FnOnce() -> Policy,
        asker: Asker<'_>,
    ) -> Result<Answer, Error> {
        if let Some(record) = self.inner.records.get(did, collection, rkey).await? {
            return Ok(Answer { record: Some(record), how: How::Here });
        }
        if policy() < Policy::Get {
            return Ok(How::NotAsked.into());
        }
        // In a box: every hit would pay for the size of it.
        let answer = Box::pin(self.missing(did, collection, rkey, asker)).await?;
        telemetry::settled("record", answer.how);
        Ok(answer)
    }

    async fn missing(
        &self,
        did: &Did,
        collection: &Nsid,
        rkey: &RecordKey,
        asker: Asker<'_>,
    ) -> Result<Answer, Error> {
        if self.inner.records.is_complete(did, collection).await? {
            return Ok(How::KnownAbsent.into());
        }
        match Missing::new(did, collection, What::Record(rkey.clone())) {
            Some(missing) => self.inner.settle(&missing, asker).await,
            None => Ok(How::NotAsked.into()),
        }
    }
}
