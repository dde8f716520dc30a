//! An account that is at home here moves to an account of the same person at a PDS (spec/registry.md §5.9).
//!
//! Its records are written there with all the bytes they refer to, and looked at again. Digests of images stay; what changes is whose they
//! are, and so the URIs that records refer to each other by. Nothing here changes until it is [finished](Migration::finish), and then
//! it is the new owner's in one step.

mod copy;
mod error;
mod finish;
mod rewrite;
mod theirs;

use atproto::{Did, Nsid};
use outbound::Outbound;
use repos::{ListRecords, Record, Repos};
use url::Url;

pub use copy::Copied;
pub use error::Error;

use crate::auth::PasswordSession;
use crate::lexicon;

/// What takes part in a move.
pub struct Migration {
    /// Where the records are.
    pub repos: Repos,
    /// Whose they are.
    pub from: Did,
    /// Whose they will be.
    pub to: Did,
    /// The PDS of that account.
    pub pds: Url,
    /// What writes there.
    pub session: PasswordSession,
    /// What reads there.
    pub outbound: Outbound,
}

/// Every collection that the registry has, each before what refers to it.
fn collections() -> Vec<Nsid> {
    lexicon::collections()
}

impl Migration {
    /// A page of what is here.
    async fn page(
        &self,
        collection: &Nsid,
        after: Option<atproto::RecordKey>,
    ) -> Result<(Vec<Record>, Option<atproto::RecordKey>), Error> {
        let query = ListRecords { collection: collection.clone(), limit: 100, after, reverse: true };
        let listed = self.repos.list(&self.from, query).await?;
        Ok((listed.records, listed.next))
    }
}
