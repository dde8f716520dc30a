//! The newest records of an author.

use atproto::{Did, Nsid};

use crate::asking::{Missing, What};
use crate::{Asker, Error, How, Policy, ReadThrough, telemetry};

impl ReadThrough {
    /// Makes sure that the newest records of that author's collection are here before they are listed, if `policy` allows
    /// it. The rest is fetched in the background, as the row of [coverage](records::Coverage) asks.
    ///
    /// [`How::Here`] means that nothing had to be done: what is missing is on its way already, or nothing is.
    pub async fn list(
        &self,
        did: &Did,
        collection: &Nsid,
        policy: Policy,
        asker: Asker<'_>,
    ) -> Result<How, Error> {
        if policy < Policy::GetAndList {
            return Ok(How::NotAsked);
        }
        if self.inner.records.is_complete(did, collection).await? {
            return Ok(How::Here);
        }
        let Some(missing) = Missing::new(did, collection, What::Newest) else { return Ok(How::NotAsked) };
        let how = match self.inner.settle(&missing, asker).await?.how {
            How::KnownAbsent => How::Here,
            how => how,
        };
        telemetry::settled("list", how);
        Ok(how)
    }
}
