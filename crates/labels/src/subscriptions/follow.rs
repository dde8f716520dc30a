//! Staying connected to one labeler.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use atproto::Did;
use clock::jittered;
use events::{Event, kinds};
use records::Lease;
use serde_json::json;
use store::Role;
use tokio_util::sync::CancellationToken;

use super::session::{End, Session};
use crate::source::Source;
use crate::{Error, LabelerStatus, LabelsParts, lease_of};

/// Between two looks at a lease that another instance holds, or a database that does not answer.
const PERIOD: Duration = Duration::from_secs(1);

/// How often the lease is renewed while nothing is written.
pub(super) const RENEW: Duration = Duration::from_secs(5);

/// Follows a labeler until the token is cancelled or the labeler is no longer active.
pub(super) async fn follow(parts: Arc<LabelsParts>, did: Did, stop: CancellationToken) {
    let mut reporter = Reporter { parts: &parts, did: &did, connected: false };
    while !stop.is_cancelled() {
        let ended = match begin(&parts, &did).await {
            Ok(Some((lease, source))) => {
                let ended = lead(&parts, &did, &lease, source, &mut reporter, &stop).await;
                give_back(&parts, &did, lease).await;
                ended
            }
            // Another instance follows it.
            Ok(None) => {
                pause(PERIOD, &stop).await;
                continue;
            }
            Err(error) => Err(error),
        };
        match ended {
            Ok(()) | Err(Error::Interrupted) => break,
            Err(error) => {
                tracing::warn!(%error, labeler = %did, "following a labeler is begun again");
                reporter.report(false, Some(&error.to_string()));
            }
        }
        pause(PERIOD, &stop).await;
    }
    reporter.report(false, Some("no longer followed"));
}

/// Takes the right to follow a labeler; `None` if another instance has it, [`Error::Interrupted`] if the labeler is not
/// to be followed.
async fn begin(parts: &LabelsParts, did: &Did) -> Result<Option<(Lease, Source)>, Error> {
    let name = lease_of(did);
    let lease = Lease::acquire(&parts.records, &name, &parts.config.instance, Role::Ingest).await?;
    let Some(lease) = lease else { return Ok(None) };
    // In this order, see `Fence`.
    let name = did.to_string();
    let source = parts.labelers.index.write(move |conn| Source::open(conn, &name)).await?;
    if parts.labelers.status(did).await? == Some(LabelerStatus::Active) {
        return Ok(Some((lease, source)));
    }
    give_back(parts, did, lease).await;
    Err(Error::Interrupted)
}

/// Lets another instance go on; what is left of a labeler that was removed is removed too.
async fn give_back(parts: &LabelsParts, did: &Did, lease: Lease) {
    match parts.labelers.status(did).await {
        Ok(None) => {
            if let Err(error) = lease.end().await {
                tracing::warn!(%error, labeler = %did, "the lease on a labeler that was removed stays");
            }
        }
        _ => lease.release().await,
    }
}

/// Connects, reads, and connects again; ends well when the token is cancelled.
async fn lead(
    parts: &LabelsParts,
    did: &Did,
    lease: &Lease,
    source: Source,
    reporter: &mut Reporter<'_>,
    stop: &CancellationToken,
) -> Result<(), Error> {
    let (first, longest) = parts.config.back_off;
    let mut wait = first;
    let mut session = Session { parts, did, lease, source, heard: false, looked_again: None };
    loop {
        session.heard = false;
        match session.run(reporter, stop).await? {
            End::Stopped => return Ok(()),
            End::Disconnected(reason) => {
                tracing::info!(labeler = %did, reason, "labeler.disconnected");
                reporter.report(false, Some(&reason));
            }
        }
        // A server that only accepts connections has not answered yet.
        wait = if session.heard { first } else { wait };
        let resting = async {
            pause(jittered(wait), stop).await;
            Ok(())
        };
        keeping(lease, resting).await?;
        wait = (wait * 2).min(longest);
    }
}

/// Does something that may take long, and keeps the lease meanwhile.
pub(super) async fn keeping<T>(
    lease: &Lease,
    work: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    let mut work = pin!(work);
    loop {
        tokio::select! {
            done = &mut work => return done,
            () = tokio::time::sleep(RENEW) => renew(lease).await?,
        }
    }
}

/// A lease that cannot be renewed because the disk is full is still ours; the next commit will tell.
pub(super) async fn renew(lease: &Lease) -> Result<(), Error> {
    match lease.renew().await {
        Err(error) if !error.is_transient() => Err(error.into()),
        _ => Ok(()),
    }
}

pub(super) async fn pause(wait: Duration, stop: &CancellationToken) {
    tokio::select! {
        () = stop.cancelled() => {}
        () = tokio::time::sleep(wait) => {}
    }
}

/// Tells the event log of a connection or its loss, once, however many attempts it takes to get over it.
pub(super) struct Reporter<'p> {
    parts: &'p LabelsParts,
    did: &'p Did,
    connected: bool,
}

impl Reporter<'_> {
    pub(super) fn report(&mut self, connected: bool, reason: Option<&str>) {
        if std::mem::replace(&mut self.connected, connected) == connected {
            return;
        }
        let kind = if connected { kinds::LABELER_CONNECTED } else { kinds::LABELER_DISCONNECTED };
        let detail = json!({ "did": self.did, "reason": reason });
        self.parts.labelers.events().record(Event::new(kind).subject(self.did.as_str()).detail(detail));
    }
}
