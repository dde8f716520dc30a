//! Running scripts over labels before they are stored.

use std::collections::BTreeSet;

use events::{Event, kinds};
use futures::future::BoxFuture;
use futures::stream::{self, StreamExt};
use labels::{Label, LabelDecision, check};
use lua::{Outcome, Program, Returned, Run, ScriptError};
use serde::Deserialize;
use serde_json::json;

use crate::groups::groups;
use crate::parked::Fault;
use crate::record_hook::AT_ONCE;
use crate::{Input, LabelInput, Parked, Trigger};

/// Runs those scripts of the [`Library`](crate::Library) that are about labels, for negations too.
///
/// A script that fails holds up nobody: its label is stored as it came, and is [`Parked`].
pub struct LabelHook {
    /// Where failures go, and what the hook runs with: the library, the limits.
    parked: Parked,
}

/// A label that a script is to decide about.
struct Asked {
    /// Of the batch.
    number: usize,
    trigger: Trigger,
    input: LabelInput,
}

/// What a script's result means (spec/appview.md §5.2).
pub(crate) struct Judged {
    pub(crate) decision: LabelDecision,
    /// It tried to put words into another labeler's mouth.
    changes_source: bool,
}

/// The fields that a script returned; those that are missing stay.
#[derive(Deserialize)]
struct Changes {
    src: Option<String>,
    uri: Option<String>,
    val: Option<String>,
    neg: Option<bool>,
    cts: Option<String>,
    exp: Option<String>,
}

impl LabelHook {
    /// Runs scripts with what those that fail are tried with again.
    #[must_use]
    pub fn new(parked: Parked) -> Self {
        Self { parked }
    }

    async fn decide_all(&self, batch: &[Label]) -> Result<Vec<LabelDecision>, store::Error> {
        let mut decisions = vec![LabelDecision::Keep; batch.len()];
        let (asked, runs): (Vec<Asked>, Vec<(Program, Run)>) =
            batch.iter().enumerate().filter_map(|(number, label)| self.asked(number, label)).unzip();
        if asked.is_empty() {
            return Ok(decisions);
        }
        let outcomes = self.run(&asked, runs).await;
        let (mut failed, mut warned) = (Vec::new(), BTreeSet::new());
        for (Asked { number, trigger, input }, outcome) in asked.into_iter().zip(outcomes) {
            match outcome.map_err(Fault::from).and_then(|outcome| judge(&input.label, &outcome)) {
                Ok(judged) => {
                    let host = || Input::Label(input).host();
                    self.parked.executed(&trigger.to_string(), host, 1);
                    if judged.changes_source && warned.insert(trigger.clone()) {
                        self.warn(&trigger);
                    }
                    decisions[number] = judged.decision;
                }
                Err(fault) => failed.push((trigger, Input::Label(input), fault)),
            }
        }
        self.parked.park(failed).await?;
        Ok(decisions)
    }

    /// Runs those about one subject one after the other, a few subjects at a time; the results in the order of `runs`.
    async fn run(&self, asked: &[Asked], runs: Vec<(Program, Run)>) -> Vec<Result<Outcome, ScriptError>> {
        let mut runs: Vec<Option<(Program, Run)>> = runs.into_iter().map(Some).collect();
        let engine = self.parked.library.scripts().engine();
        let running: Vec<_> = groups(asked.iter().map(|asked| &asked.input.label.uri))
            .into_iter()
            .map(|numbers| {
                let of_subject: Vec<_> = numbers.iter().filter_map(|number| runs[*number].take()).collect();
                async move {
                    let outcomes = engine.run_all(of_subject).await;
                    numbers.into_iter().zip(outcomes).collect::<Vec<_>>()
                }
            })
            .collect();
        let outcomes: Vec<Vec<_>> = stream::iter(running).buffer_unordered(AT_ONCE).collect().await;
        let mut outcomes: Vec<(usize, Result<Outcome, ScriptError>)> =
            outcomes.into_iter().flatten().collect();
        outcomes.sort_unstable_by_key(|(number, _)| *number);
        outcomes.into_iter().map(|(_, outcome)| outcome).collect()
    }

    /// The label as its script is to see it, if it has one.
    fn asked(&self, number: usize, label: &Label) -> Option<(Asked, (Program, Run))> {
        let library = &self.parked.library;
        let trigger = label.collection().map_or(Trigger::ActorLabel, Trigger::Label);
        let program = library.program(&trigger)?;
        let input = LabelInput::new(label.clone());
        let run = input.run(&trigger.to_string(), library.variables(), self.parked.limits(), 1);
        Some((Asked { number, trigger, input }, (program, run)))
    }

    fn warn(&self, trigger: &Trigger) {
        let message = "the script returned another src; the source of a label stays its labeler";
        tracing::warn!(script = %trigger, message);
        let event = Event::new(kinds::SCRIPT_LOG).subject(&trigger.to_string());
        self.parked.library.scripts().events.record(event.detail(json!({ "message": message })));
    }
}

impl labels::LabelHook for LabelHook {
    fn decide<'a>(&'a self, batch: &'a [Label]) -> BoxFuture<'a, Result<Vec<LabelDecision>, store::Error>> {
        Box::pin(self.decide_all(batch))
    }
}

/// What the script's result means for a label. A result that is no label is a failure like any other.
pub(crate) fn judge(label: &Label, outcome: &Outcome) -> Result<Judged, Fault> {
    let changes: Changes = match &outcome.returned {
        Returned::Nil => return Ok(Judged { decision: LabelDecision::Drop, changes_source: false }),
        Returned::Table(table) if table.get().starts_with('{') => serde_json::from_str(table.get())
            .map_err(|error| Fault::of_result(&format!("what it returned is no label: {error}")))?,
        // A table without fields is an array.
        Returned::Table(_) | Returned::Other(_) => {
            return Ok(Judged { decision: LabelDecision::Keep, changes_source: false });
        }
    };
    let original = label.clone();
    let uri = changes.uri.unwrap_or_else(|| original.uri.clone());
    let replacement = Label {
        // A version is one of its own record.
        cid: original.cid.filter(|_| uri == original.uri),
        uri,
        val: changes.val.unwrap_or(original.val),
        neg: changes.neg.unwrap_or(original.neg),
        cts: changes.cts.unwrap_or(original.cts),
        exp: changes.exp.or(original.exp),
        src: original.src,
    };
    check(&replacement)
        .map_err(|error| Fault::of_result(&format!("what it returned is no label: {error}")))?;
    let changes_source = changes.src.is_some_and(|src| src != label.src);
    let decision =
        if replacement == *label { LabelDecision::Keep } else { LabelDecision::Replace(replacement) };
    Ok(Judged { decision, changes_source })
}
