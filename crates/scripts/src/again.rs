//! Trying again what is a dead letter: with what was kept, or with what its author has written by now.

use std::sync::Arc;

use records::Decision;
use remote::{Found, Part};

use crate::parked::Tried;
use crate::record_hook::decision;
use crate::{DeadLetter, DeadLetters, Error, Input, On, Parked, RecordInput};

/// What became of a dead letter that was tried again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Retried {
    /// What the script decided is carried out.
    Resolved,
    /// It failed again, with this.
    Failed(String),
    /// There is no such dead letter, it is resolved, or its script is gone.
    Gone,
}

impl Parked {
    /// Runs the script of today with what was kept of a dead letter. What it decides is carried out, unless a newer version of
    /// the record has come since.
    pub async fn retry(&self, letter: &DeadLetter) -> Result<Retried, Error> {
        if letter.resolved_at.is_some() {
            return Ok(Retried::Gone);
        }
        match self.try_again(&letter.script_ref, &letter.payload, letter.attempts + 1).await? {
            Tried::Done => self.resolved(letter).await,
            Tried::Failed { error, .. } => self.failed(letter, error).await,
            Tried::NoScript => Ok(Retried::Gone),
        }
    }

    /// Takes the record of a dead letter in anew, as `part` of its author's repository says it is now: its script decides, if there
    /// is one, and what it decides is carried out. It is asked once, also about a version that is new here.
    pub async fn reindex(&self, letter: &DeadLetter, mut part: Part) -> Result<Retried, Error> {
        let Some(kept) = letter.record().filter(|_| letter.resolved_at.is_none()) else {
            return Ok(Retried::Gone);
        };
        part.records.retain(|found| found.rkey == kept.rkey);
        let name = (kept.did.clone(), kept.collection.clone(), kept.rkey.clone());
        let here = self.records.stored(vec![name]).await?.pop().flatten();
        let found = part.records.first().cloned();
        let (action, record) = match (&found, here) {
            (Some(found), Some(_)) => (On::Update, Some(found.json.clone())),
            (Some(found), None) => (On::Create, Some(found.json.clone())),
            (None, here) => (On::Delete, here.map(|here| here.json)),
        };
        let event_id = format!("{}#{}", kept.uri(), part.rev);
        let cid = found.as_ref().map(|found| found.cid);
        let input = RecordInput { action, event_id, cid, record, ..kept };
        match self.decide(&input, letter.attempts + 1).await {
            Err(error) => self.failed(letter, error).await,
            // The record stays although its author has removed it.
            Ok(Decision::Skip) if found.is_none() => self.resolved(letter).await,
            Ok(decision) => {
                let _held = self.foregone.hold(&input.event_id, decision.clone());
                self.records.reconcile(vec![part], false, Arc::new(|_, _| Ok(()))).await?;
                match found {
                    Some(found) => self.redecide(letter, &input, found, decision).await,
                    None => self.resolved(letter).await,
                }
            }
        }
    }

    /// What the script of today decides about an event; why it does not.
    async fn decide(&self, input: &RecordInput, attempt: i64) -> Result<Decision, String> {
        let Some((trigger, program)) = self.library.record_program(input.action, &input.collection) else {
            return Ok(Decision::Keep);
        };
        let attempt = u32::try_from(attempt).unwrap_or(u32::MAX);
        let run = input.run(&trigger.to_string(), self.library.variables(), self.limits(), attempt);
        let outcome = self.library.scripts().engine().run(&program, run).await;
        let outcome = outcome.map_err(|error| error.to_string())?;
        self.executed(&trigger.to_string(), || Input::Record(input.clone()).host(), i64::from(attempt));
        Ok(decision(input.action, outcome))
    }

    /// The version may have been here, as it came or as an earlier script left it.
    async fn redecide(
        &self,
        letter: &DeadLetter,
        input: &RecordInput,
        found: Found,
        decision: Decision,
    ) -> Result<Retried, Error> {
        let decision = if decision == Decision::Keep { Decision::Replace(found.json) } else { decision };
        match self.carry_out(input, decision).await? {
            Tried::Failed { error, .. } => self.failed(letter, error).await,
            Tried::Done | Tried::NoScript => self.resolved(letter).await,
        }
    }

    async fn resolved(&self, letter: &DeadLetter) -> Result<Retried, Error> {
        self.letters().dismiss(letter.id).await?;
        Ok(Retried::Resolved)
    }

    async fn failed(&self, letter: &DeadLetter, error: String) -> Result<Retried, Error> {
        self.letters().failed_again(letter.id, &error).await?;
        Ok(Retried::Failed(error))
    }

    fn letters(&self) -> DeadLetters {
        DeadLetters::new(&self.library.scripts().state)
    }
}
