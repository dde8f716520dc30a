//! Running scripts over records before they are stored.

use std::collections::{HashMap, HashSet};

use atproto::{Cid, Did, Nsid, RecordKey};
use futures::future::BoxFuture;
use futures::stream::{self, StreamExt};
use lua::{Outcome, Program, Returned, Run};
use records::{Decision, IngestHook, RecordAction, RecordEvent, Stored};

use crate::groups::groups;
use crate::parked::Fault;
use crate::{Input, On, Parked, RecordInput, Trigger};

/// Repositories whose scripts run at a time: fewer than there are places for scripts, some of which are for those who wait for an answer.
pub(crate) const AT_ONCE: usize = 5;

/// Runs those scripts of the [`Library`](crate::Library) that are about records.
///
/// Events of a repository run one after the other, in its order; a few repositories at a time, so that a script that waits keeps
/// others from nothing but its place. A script that fails holds up nobody: its record is stored as it came, and the event is
/// [`Parked`].
pub struct RecordHook {
    /// Where failures go, and what the hook runs with: the library, the records, the limits.
    parked: Parked,
}

/// What an event is about.
type Name<'e> = (&'e Did, &'e Nsid, &'e RecordKey);

/// An event that a script is to decide about.
struct Asked {
    /// Of the batch.
    number: usize,
    trigger: Trigger,
    program: Program,
    input: RecordInput,
}

/// What the scripts made of the events of a repository.
#[derive(Default)]
struct Decided {
    /// By their numbers in the batch.
    decisions: Vec<(usize, Decision)>,
    failed: Vec<(Trigger, Input, Fault)>,
}

impl RecordHook {
    /// Runs scripts with what those that fail are tried with again.
    #[must_use]
    pub fn new(parked: Parked) -> Self {
        Self { parked }
    }

    async fn decide_all(&self, batch: &[RecordEvent]) -> Result<Vec<Decision>, store::Error> {
        let mut here = self.here(batch).await?;
        let repos = groups(batch.iter().map(|event| &event.did)).into_iter();
        let deciding: Vec<_> = repos
            .map(|numbers| {
                let of_repo = numbers.iter().filter_map(|number| here.remove_entry(&name(&batch[*number])));
                let of_repo = of_repo.collect();
                self.decide_repo(batch, numbers, of_repo)
            })
            .collect();
        let decided: Vec<Decided> = stream::iter(deciding).buffer_unordered(AT_ONCE).collect().await;
        let (mut decisions, mut failed) = (vec![Decision::Keep; batch.len()], Vec::new());
        for of_repo in decided {
            of_repo.decisions.into_iter().for_each(|(number, decision)| decisions[number] = decision);
            failed.extend(of_repo.failed);
        }
        self.parked.park(failed).await?;
        Ok(decisions)
    }

    /// Decides about the events with these `numbers`, all of one repository, in their order.
    async fn decide_repo(
        &self,
        batch: &[RecordEvent],
        numbers: Vec<usize>,
        mut here: HashMap<Name<'_>, Stored>,
    ) -> Decided {
        let mut decided = Decided::default();
        let mut rest = &numbers[..];
        while !rest.is_empty() {
            // What a script decides is what the next event of the same record finds.
            let (now, later) = rest.split_at(distinct(rest.iter().map(|number| &batch[*number])));
            let asked = now.iter().filter_map(|number| {
                let event = &batch[*number];
                self.asked(*number, event, here.get(&name(event)))
            });
            let mut decisions = self.run(asked.collect(), &mut decided.failed).await;
            for number in now {
                let event = &batch[*number];
                let decision = decisions.remove(number).unwrap_or(Decision::Keep);
                let before = here.remove(&name(event));
                if let Some(then) = after(event, &decision, before) {
                    here.insert(name(event), then);
                }
                decided.decisions.push((*number, decision));
            }
            rest = later;
        }
        decided
    }

    /// What is here of the records that the events are about.
    async fn here<'b>(&self, batch: &'b [RecordEvent]) -> Result<HashMap<Name<'b>, Stored>, store::Error> {
        let names: HashSet<Name<'b>> =
            batch.iter().filter(|event| self.wants(&event.collection)).map(name).collect();
        let names: Vec<Name<'b>> = names.into_iter().collect();
        let owned = |(did, collection, rkey): &Name<'_>| {
            (Did::clone(did), Nsid::clone(collection), RecordKey::clone(rkey))
        };
        let here = match self.parked.records.stored(names.iter().map(owned).collect()).await {
            Ok(here) => here,
            Err(records::Error::Store(error)) => return Err(error),
            Err(error) => {
                tracing::warn!(%error, "what record scripts are to be told cannot be read");
                Vec::new()
            }
        };
        Ok(names.into_iter().zip(here).filter_map(|(name, here)| Some((name, here?))).collect())
    }

    /// The event as its script is to see it, if it has one.
    fn asked(&self, number: usize, event: &RecordEvent, here: Option<&Stored>) -> Option<Asked> {
        let (action, record, cid) = match (&event.action, here) {
            (RecordAction::Put { json, cid, .. }, here) => {
                let is_new = here.is_none_or(|here| here.was_created_by(event.rev));
                let action = if is_new { On::Create } else { On::Update };
                (action, Some(json.clone()), *cid)
            }
            (RecordAction::Delete, here) => (On::Delete, here.map(|here| here.json.clone()), None),
            (RecordAction::Withhold { .. }, _) => return None,
        };
        let (trigger, program) = self.parked.library.record_program(action, &event.collection)?;
        let RecordEvent { did, collection, rkey, rev, .. } = event;
        let input = RecordInput {
            action,
            did: did.clone(),
            collection: collection.clone(),
            rkey: rkey.clone(),
            event_id: format!("at://{did}/{collection}/{rkey}#{rev}"),
            cid,
            record,
        };
        Some(Asked { number, trigger, program, input })
    }

    /// What scripts decide, by the numbers of the events, one after the other.
    async fn run(
        &self,
        mut asked: Vec<Asked>,
        failed: &mut Vec<(Trigger, Input, Fault)>,
    ) -> HashMap<usize, Decision> {
        let mut decisions = HashMap::new();
        asked.retain(|Asked { number, input, .. }| match self.parked.foregone.of(&input.event_id) {
            Some(decision) => {
                decisions.insert(*number, decision);
                false
            }
            None => true,
        });
        if asked.is_empty() {
            return decisions;
        }
        let limits = self.parked.limits();
        let runs: Vec<(Program, Run)> = asked
            .iter()
            .map(|Asked { trigger, program, input, .. }| {
                let variables = self.parked.library.variables();
                (program.clone(), input.run(&trigger.to_string(), variables, limits.clone(), 1))
            })
            .collect();
        let outcomes = self.parked.library.scripts().engine().run_all(runs).await;
        for (Asked { number, trigger, input, .. }, outcome) in asked.into_iter().zip(outcomes) {
            match outcome {
                Ok(outcome) => {
                    let action = input.action;
                    let host = || Input::Record(input).host();
                    self.parked.executed(&trigger.to_string(), host, 1);
                    decisions.insert(number, decision(action, outcome));
                }
                Err(error) => failed.push((trigger, Input::Record(input), error.into())),
            }
        }
        decisions
    }
}

impl IngestHook for RecordHook {
    fn wants(&self, collection: &Nsid) -> bool {
        [On::Create, On::Update, On::Delete]
            .into_iter()
            .any(|on| self.parked.library.record_program(on, collection).is_some())
    }

    fn decide<'a>(&'a self, batch: &'a [RecordEvent]) -> BoxFuture<'a, Result<Vec<Decision>, store::Error>> {
        Box::pin(self.decide_all(batch))
    }
}

/// What a script's result means (spec/appview.md §5.3).
pub(crate) fn decision(action: On, outcome: Outcome) -> Decision {
    match outcome.returned {
        Returned::Nil => Decision::Skip,
        Returned::Table(record) if action != On::Delete && record.get().starts_with('{') => {
            Decision::Replace(String::from(Box::<str>::from(record)))
        }
        Returned::Table(_) | Returned::Other(_) => Decision::Keep,
    }
}

/// How many of the first events are about records of their own.
fn distinct<'e>(events: impl Iterator<Item = &'e RecordEvent>) -> usize {
    let mut seen = HashSet::new();
    events.take_while(|event| seen.insert(name(event))).count()
}

fn name(event: &RecordEvent) -> Name<'_> {
    (&event.did, &event.collection, &event.rkey)
}

/// What is here of a record when its event has been decided about.
fn after(event: &RecordEvent, decision: &Decision, before: Option<Stored>) -> Option<Stored> {
    let is_first = before.as_ref().is_none_or(|before| before.was_created_by(event.rev));
    let stored = |json: &String, cid: &Option<Cid>| Stored {
        json: json.clone(),
        cid: cid.map(|cid| cid.to_string()),
        rev: event.rev.as_i64(),
        is_first,
    };
    match (&event.action, decision) {
        (RecordAction::Put { json, cid, .. }, Decision::Keep)
        | (RecordAction::Put { cid, .. }, Decision::Replace(json)) => Some(stored(json, cid)),
        (RecordAction::Delete, Decision::Skip) => before,
        _ => None,
    }
}
