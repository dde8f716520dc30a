//! Which downloads of manifests count as pulls (spec/registry.md §4.8), and where.
//!
//! The hold that has an image counts its pulls. Our own is told at once; others are told in the background, by a queue that is short: a pull
//! never waits for a hold, and one that cannot be told is counted as lost.

use std::net::IpAddr;
use std::time::Duration;

use atproto::Did;
use bytes::Bytes;
use futures::{StreamExt, stream};
use hold::Hold;
use moka::sync::Cache;
use oci::{Digest, Limits, Manifest, ManifestType};
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio_util::sync::CancellationToken;

use crate::Repository;
use crate::holds::{HoldError, Holds, Notice};
use crate::place::Place;

/// Whoever fetches the same again within this time is still at the same pull.
const SAME: Duration = Duration::from_mins(1);

/// Pulls that are remembered at most.
const MOST: u64 = 100_000;

/// Pulls that wait to be told to other holds, and how many are told at once.
const WAITING: usize = 1024;
const AT_ONCE: usize = 8;

/// A pull of an image that is in somebody else's hold.
pub(crate) struct Pulled {
    pub(crate) hold: Did,
    pub(crate) repository: Repository,
    pub(crate) digest: Digest,
    pub(crate) media_type: ManifestType,
    pub(crate) bytes: Bytes,
    /// Who pulled it, if they have said so.
    pub(crate) user: Option<Did>,
}

/// Counts pulls, each client's of one manifest at most once a minute.
pub(crate) struct Pulls {
    hold: Hold,
    recent: Cache<(Option<IpAddr>, Digest), ()>,
    others: Sender<Pulled>,
}

/// Pulls that other holds are to be told of.
pub(crate) struct Told(Receiver<Pulled>);

impl Pulls {
    pub(crate) fn new(hold: Hold) -> (Self, Told) {
        let recent = Cache::builder().max_capacity(MOST).time_to_live(SAME).build();
        let (others, told) = mpsc::channel(WAITING);
        (Self { hold, recent, others }, Told(told))
    }

    /// Counts a download from this address; `pulled` is asked for if another hold is to be told.
    pub(crate) fn count(
        &self,
        address: Option<IpAddr>,
        (repository, digest): (&Repository, &Digest),
        place: &Place,
        pulled: impl FnOnce(&Did) -> Pulled,
    ) {
        if !self.recent.entry((address, *digest)).or_insert(()).is_fresh() {
            return;
        }
        match place {
            Place::Here => self.hold.count_pull(&repository.owner, &repository.name),
            Place::In(hold) => {
                if self.others.try_send(pulled(hold)).is_err() {
                    metrics::counter!("registry_pulls_untold_total").increment(1);
                }
            }
        }
    }
}

impl Told {
    /// Tells other holds of pulls, for as long as the server runs.
    pub(crate) async fn run(self, holds: Holds, stop: CancellationToken) {
        let waiting = stream::unfold(self.0, async |mut told| Some((told.recv().await?, told)));
        let all = waiting.for_each_concurrent(AT_ONCE, |pulled| {
            let holds = holds.clone();
            async move {
                if let Err(error) = tell(&holds, &pulled).await {
                    metrics::counter!("registry_pulls_untold_total").increment(1);
                    tracing::debug!(%error, "a hold was not told of a pull");
                }
            }
        });
        tokio::select! {
            () = all => {}
            () = stop.cancelled() => {}
        }
    }
}

async fn tell(holds: &Holds, pulled: &Pulled) -> Result<(), HoldError> {
    let Some(hold) = holds.find(&pulled.hold).await? else { return Ok(()) };
    let media_type = Some(pulled.media_type.as_str());
    let Ok(manifest) = Manifest::parse(&pulled.bytes, media_type, &Limits::default()) else { return Ok(()) };
    let (repository, digest) = (&pulled.repository, &pulled.digest);
    let notice = Notice { repository, digest, manifest: &manifest, tag: None };
    holds.pulled(&hold, pulled.user.as_ref(), &notice).await
}
