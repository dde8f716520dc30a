//! Trying dead letters again, for the admin API and for commands.

use ::scripts::{DeadLetter, DeadLetters, Error, Parked, Retried};
use readthrough::{ReadThrough, Unread};

/// Why a dead letter was not tried. The text is for the operator.
#[derive(Debug, thiserror::Error)]
pub enum RetryError {
    /// The database refused or could not be reached.
    #[error(transparent)]
    Scripts(#[from] Error),
    /// It is about a label.
    #[error("this dead letter is about a label, not about a record; dismiss it when it has been looked into")]
    Label,
    /// The record could not be fetched.
    #[error("the record cannot be fetched from its author's PDS: {0}")]
    Source(#[from] Unread),
}

/// What it takes to try dead letters again. Cheap to clone.
#[derive(Clone)]
pub struct Retries {
    parked: Parked,
    letters: DeadLetters,
    readthrough: ReadThrough,
}

impl Retries {
    pub(super) fn new(parked: Parked, letters: DeadLetters, readthrough: ReadThrough) -> Self {
        Self { parked, letters, readthrough }
    }

    /// Runs the script of today with what was kept; see [`Parked::retry`].
    pub async fn retry(&self, id: i64) -> Result<Retried, RetryError> {
        let Some(letter) = self.of_a_record(id).await? else { return Ok(Retried::Gone) };
        Ok(self.parked.retry(&letter).await?)
    }

    /// Fetches the record from its author's PDS and takes it in anew; see [`Parked::reindex`].
    pub async fn reindex(&self, id: i64) -> Result<Retried, RetryError> {
        let Some(letter) = self.of_a_record(id).await? else { return Ok(Retried::Gone) };
        let Some(kept) = letter.record() else { return Ok(Retried::Gone) };
        let part = self.readthrough.at_source(&kept.did, &kept.collection, &kept.rkey).await?;
        Ok(self.parked.reindex(&letter, part).await?)
    }

    async fn of_a_record(&self, id: i64) -> Result<Option<DeadLetter>, RetryError> {
        match self.letters.get(id).await? {
            Some(letter) if letter.host_kind == "label" => Err(RetryError::Label),
            letter => Ok(letter.filter(|letter| letter.resolved_at.is_none())),
        }
    }
}
