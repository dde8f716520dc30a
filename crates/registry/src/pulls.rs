//! Which downloads of manifests count as pulls (spec/registry.md §4.8).

use std::net::IpAddr;
use std::time::Duration;

use hold::Hold;
use moka::sync::Cache;
use oci::Digest;

use crate::Repository;

/// Whoever fetches the same again within this time is still at the same pull.
const SAME: Duration = Duration::from_mins(1);

/// Pulls that are remembered at most.
const MOST: u64 = 100_000;

/// Counts pulls, each client's of one manifest at most once a minute.
pub(crate) struct Pulls {
    hold: Hold,
    recent: Cache<(Option<IpAddr>, Digest), ()>,
}

impl Pulls {
    pub(crate) fn new(hold: Hold) -> Self {
        let recent = Cache::builder().max_capacity(MOST).time_to_live(SAME).build();
        Self { hold, recent }
    }

    /// Counts a download from this address.
    pub(crate) fn count(&self, address: Option<IpAddr>, repository: &Repository, digest: &Digest) {
        if self.recent.entry((address, *digest)).or_insert(()).is_fresh() {
            self.hold.count_pull(&repository.owner, &repository.name);
        }
    }
}
