//! From checked labels to committed rows.

use std::sync::Arc;
use std::time::Duration;

use atproto::Did;
use clock::now_micros;
use records::LeaseGuard;
use store::{Database, Role};
use tokio_util::sync::CancellationToken;

use crate::admit::Admitted;
use crate::hook::decide;
use crate::source::Fence;
use crate::write::{Origin, write};
use crate::{Error, LabelsParts, telemetry};

/// Between two attempts while the database does not take writes.
const STALL: Duration = Duration::from_secs(1);

/// What a transaction needs besides the labels.
#[derive(Clone)]
pub(crate) struct Commit {
    pub(crate) labeler: Did,
    pub(crate) fence: Fence,
    pub(crate) origin: Origin,
    /// Of the stream.
    pub(crate) lease: Option<LeaseGuard>,
}

impl Commit {
    /// Asks the hooks and writes what they leave, together with the cursor. Waits out whatever passes; `false` if `stop`
    /// came first: then the cursor has not moved, so that nothing is lost.
    pub(crate) async fn run(
        &self,
        parts: &LabelsParts,
        labels: Vec<Admitted>,
        seq: Option<i64>,
        stop: &CancellationToken,
    ) -> Result<bool, Error> {
        let decided =
            patiently(stop, || async { Ok(decide(&parts.hooks, &self.labeler, labels.clone()).await?) });
        let Some(labels) = decided.await? else { return Ok(false) };
        let labels = Arc::new(labels);
        let index = parts.labelers.index.with_role(self.role());
        match patiently(stop, || self.write(&index, &labels, seq)).await {
            Err(Error::Store(error)) if !labels.is_empty() => {
                tracing::error!(%error, labeler = %self.labeler, "the database refuses labels; they are tried one by one");
                self.one_by_one(&index, &labels, seq, stop).await
            }
            written => Ok(written?.is_some()),
        }
    }

    /// A label that the database refuses for good is left out; the others are not its hostages.
    async fn one_by_one(
        &self,
        index: &Database,
        labels: &[Admitted],
        seq: Option<i64>,
        stop: &CancellationToken,
    ) -> Result<bool, Error> {
        for label in labels {
            let label = Arc::new(vec![label.clone()]);
            match patiently(stop, || self.write(index, &label, None)).await {
                Ok(Some(())) => {}
                Ok(None) => return Ok(false),
                Err(Error::Store(error)) => {
                    telemetry::dropped("refused_by_database", 1);
                    tracing::error!(%error, ?label, "the database refuses a label; it is left out");
                }
                Err(error) => return Err(error),
            }
        }
        let none = Arc::default();
        Ok(patiently(stop, || self.write(index, &none, seq)).await?.is_some())
    }

    async fn write(
        &self,
        index: &Database,
        labels: &Arc<Vec<Admitted>>,
        seq: Option<i64>,
    ) -> Result<(), Error> {
        let (commit, labels) = (self.clone(), Arc::clone(labels));
        let write = move |conn: &mut store::Conn<'_>| {
            if let Some(lease) = &commit.lease {
                lease.check(conn)?;
            }
            commit.fence.advance(conn, seq)?;
            write(conn, commit.fence, &labels, commit.origin, now_micros())
        };
        telemetry::stored(index.write(write).await?);
        Ok(())
    }

    fn role(&self) -> Role {
        match self.origin {
            Origin::Stream => Role::Ingest,
            Origin::Query => Role::Backfill,
        }
    }
}

/// Repeats `attempt` while it fails for a reason that passes; `None` if `stop` comes first.
pub(crate) async fn patiently<T, F>(
    stop: &CancellationToken,
    attempt: impl Fn() -> F,
) -> Result<Option<T>, Error>
where
    F: Future<Output = Result<T, Error>>,
{
    loop {
        match attempt().await {
            Err(error) if error.is_transient() => {
                telemetry::stalled();
                tracing::warn!(%error, "labels wait for the database");
                tokio::select! {
                    () = stop.cancelled() => return Ok(None),
                    () = tokio::time::sleep(STALL) => {}
                }
            }
            other => return other.map(Some),
        }
    }
}
