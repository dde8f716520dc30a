//! The one way to write: the repository's server first, then the index.

use std::sync::Arc;

use atproto::{Nsid, Tid};
use tracing::{error, warn};

use super::confirm::{Confirmed, confirm};
use super::{RepoWrite, RepoWriter, Written};
use crate::event::Event;
use crate::write::{Batch, apply, is_withheld};
use crate::{Error, RecordAction, RecordEvent, Records, now_micros};

impl Records {
    /// Writes to a repository at its server. What the server confirms is in the index when this returns; its answer,
    /// whatever it is, is returned unchanged. Without an answer nothing is known and nothing happens here.
    ///
    /// The row takes the revision that the answer names (`commit.rev`). So the event that the stream brings later finds
    /// itself known, and one that is older finds itself too late, whichever comes first. There are two exceptions:
    ///
    /// - An answer without a revision, of a server that does not tell it or of a write that changed nothing, says what
    ///   the record is but not since when. It only adds a record that was not here, as older than anything the stream
    ///   may say about it; in every other case it is left to the stream.
    /// - Where an [`IngestHook`](crate::IngestHook) decides over a collection, the record is here as it was written
    ///   until the stream brings it and the hook has its say. Hooks are not asked twice: they have effects of their own,
    ///   which are tied to the events of a source and to the order of a repository.
    ///
    /// The record is stored whether or not anybody [`Wanted`](crate::Wanted) its collection: whoever writes to it means to
    /// read it.
    pub async fn write<W>(&self, repo: &W, write: &RepoWrite) -> Result<Written, W::Error>
    where
        W: RepoWriter + ?Sized,
    {
        let answer = repo.write(write).await?;
        if !answer.status.is_success() {
            return Ok(Written { answer, confirmed: None });
        }
        let (did, now) = (repo.did(), now_micros());
        let (confirmed, action, rkey) = match confirm(&did, write, &answer.body, now) {
            Ok(confirmed) => confirmed,
            Err(doubt) => {
                unindexed(doubt.reason());
                warn!(%did, collection = %write.collection(), %doubt, "a PDS confirms a write with an answer that cannot be true");
                return Ok(Written { answer, confirmed: None });
            }
        };
        if let Some(rev) = self.rev_of_row(write.collection(), &confirmed, &action)
            && !self.is_decided_against(&confirmed).await
        {
            let collection = write.collection().clone();
            let event = RecordEvent { did, collection, rkey, rev, seen_at: now, made_at: None, action };
            faults::crash_point!("write.before-index");
            // The repository has the record, so the stream will bring it; who wrote it must not be told otherwise.
            if let Err(cause) = self.index(event).await {
                unindexed("database");
                error!(uri = %confirmed.uri, %cause, "a record that was written is not in the index yet");
            }
        }
        Ok(Written { answer, confirmed: Some(confirmed) })
    }

    /// The revision for the row; `None` if nothing must be done.
    fn rev_of_row(&self, collection: &Nsid, confirmed: &Confirmed, action: &RecordAction) -> Option<Tid> {
        match confirmed.rev {
            // Before every other.
            None if *action == RecordAction::Delete => None,
            None => Tid::from_i64(0),
            Some(rev) if self.is_decided(collection) => Tid::from_i64(rev.as_i64() - 1),
            rev => rev,
        }
    }

    /// Whether an answer without a revision is about a version that was taken out of the view. After a while only the
    /// decision remembers that.
    async fn is_decided_against(&self, confirmed: &Confirmed) -> bool {
        let (None, Some(cid)) = (confirmed.rev, confirmed.cid) else { return false };
        let uri = confirmed.uri.to_string();
        let decided = self.state.read(move |conn| is_withheld(conn, &uri, cid)).await;
        decided.unwrap_or_else(|error| {
            error!(%error, "local decisions cannot be read; the stream will bring the record if it is wanted");
            true
        })
    }

    async fn index(&self, event: RecordEvent) -> Result<(), Error> {
        let projections = Arc::clone(&self.projections);
        let batch = Batch { events: vec![Event::Record(event)], guard: None, advance: None, projections };
        let applied = self.index.write(move |conn| apply(conn, &batch)).await?;
        self.announce(applied.last_seq);
        Ok(())
    }
}

/// Counts a confirmed write that is not in the index before the stream brings it.
fn unindexed(reason: &'static str) {
    metrics::counter!("writes_unindexed_total", "reason" => reason).increment(1);
}
