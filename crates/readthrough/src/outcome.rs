//! What is made of an answer, and of none.

use std::fmt::Display;
use std::sync::Arc;
use std::time::Duration;

use records::{Along, Coverage, CoverageState, RepoStatus, coverage};
use remote::{Gone, Kind, Part};
use tracing::{debug, info};

use crate::asking::{Missing, What};
use crate::question::Failure;
use crate::read_through::Inner;
use crate::{Answer, Error, How, Reason, spans};

impl Inner {
    /// Puts what was read into the index, where it stands against everything else that is known.
    pub(crate) async fn take_over(
        &self,
        missing: &Missing,
        parts: Vec<Part>,
        asked_at: i64,
    ) -> Result<Answer, Error> {
        faults::crash_point!("readthrough.fetched");
        match &missing.what {
            What::Record(_) => {
                self.records.reconcile(parts, false, Arc::new(|_, _| Ok(()))).await?;
                if let Some(answer) = self.here(missing, How::Fetched).await? {
                    return Ok(answer);
                }
                if !faults::mutant!("readthrough-absence-not-remembered") {
                    self.troubles.absent(&missing.name, spans::NO_RECORD).await;
                }
                Ok(How::Absent.into())
            }
            What::Newest => {
                let pending = self.pending(missing, asked_at).await?;
                let along: Along = Arc::new(move |conn, _| match &pending {
                    Some(pending) => Ok(coverage::set(conn, pending)?),
                    None => Ok(()),
                });
                self.records.reconcile(parts, false, along).await?;
                self.troubles.absent(&missing.name, spans::LISTED).await;
                Ok(How::Fetched.into())
            }
        }
    }

    /// The request to fetch the rest of the collection, unless there is one or it has failed.
    async fn pending(&self, missing: &Missing, asked_at: i64) -> Result<Option<Coverage>, Error> {
        let known = self.records.coverage(&missing.did, &missing.collection).await?;
        // One that is complete would not have been asked for unless the stream was interrupted since.
        let wanted = known.is_none_or(|known| known.state == CoverageState::Complete);
        Ok(wanted.then(|| Coverage {
            next_try_at: Some(asked_at),
            ..Coverage::new(&missing.did, &missing.collection, CoverageState::Pending, asked_at)
        }))
    }

    /// Remembers a failure for as long as it is of no use to ask again.
    pub(crate) async fn failed(
        &self,
        missing: &Missing,
        host: &str,
        failure: Failure,
        asked_at: i64,
    ) -> Result<How, Error> {
        let (did, name) = (&missing.did, &*missing.name);
        let error = match failure {
            Failure::Remote(error) => error,
            Failure::Late => {
                self.troubles.failed(host, Duration::ZERO).await;
                return Ok(How::unavailable(Reason::PdsUnreachable));
            }
            Failure::Unproven => return Ok(self.disbelieved(name, host, &"there is no proof").await),
        };
        match error.kind() {
            Kind::Unavailable => self.troubles.failed(host, Duration::ZERO).await,
            Kind::RateLimited { retry_after } => self.troubles.failed(host, retry_after).await,
            Kind::Unresolvable => {
                self.troubles.absent(did.as_str(), spans::NO_ACCOUNT).await;
                return Ok(How::Absent);
            }
            Kind::Gone(gone) => {
                if let Some(status) = status_of(gone) {
                    self.records.observe_status(did, status, asked_at).await?;
                }
                self.troubles.absent(did.as_str(), spans::NO_ACCOUNT).await;
                return Ok(How::Absent);
            }
            Kind::Untrusted(_) | Kind::TooLarge | Kind::Malformed => {
                return Ok(self.disbelieved(name, host, &error).await);
            }
        }
        debug!(uri = name, host, %error, "a host is of no help");
        Ok(How::unavailable(Reason::PdsUnreachable))
    }

    async fn disbelieved(&self, name: &str, host: &str, why: &(dyn Display + Sync)) -> How {
        info!(uri = name, host, %why, "an answer is not believed");
        self.troubles.hopeless(name, Reason::Untrusted, spans::UNTRUSTED).await;
        How::unavailable(Reason::Untrusted)
    }
}

/// A host that does not know an account may have lost it to another a moment ago. Deleting what is here is for the stream
/// and for jobs: one question of a stranger is not enough.
fn status_of(gone: Gone) -> Option<RepoStatus> {
    match gone {
        Gone::NotFound => None,
        Gone::Deactivated => Some(RepoStatus::Deactivated),
        Gone::Takendown => Some(RepoStatus::Takendown),
        Gone::Suspended => Some(RepoStatus::Suspended),
    }
}
