//! One scenario with one seed on one kind of database.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::runtime::Builder;

use crate::prepared::{Prepared, Stage};
use crate::{Kind, Scenario};

/// Longer than any scenario takes: one that does has hung.
const LONGEST: Duration = Duration::from_mins(3);

/// What a scenario is played with.
#[derive(Clone)]
pub struct Run {
    /// Decides everything that is left to chance.
    pub seed: u64,
    /// The kind of database.
    pub kind: Kind,
    /// A place for the program to begin with.
    pub(crate) prepared: Arc<Prepared>,
}

/// How a run ended.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The scenario's name.
    pub scenario: &'static str,
    /// The kind of database.
    pub kind: Kind,
    /// The seed.
    pub seed: u64,
    /// From its beginning to its end.
    pub took: Duration,
    /// What was wrong; `None` if nothing was.
    pub failure: Option<String>,
}

impl Outcome {
    /// The command that does the same again.
    #[must_use]
    pub fn again(&self) -> String {
        format!("SOAK_SEED={} SCENARIO={} ENGINE={} make soak", self.seed, self.scenario, self.kind)
    }
}

/// Plays a scenario; `None`, after a loud word, where that kind of database is not to be had.
pub async fn run(stage: &Stage, scenario: &Scenario, kind: Kind, seed: u64) -> Option<Outcome> {
    let prepared = stage.prepared(kind).await?;
    let start = Instant::now();
    let (play, run) = (scenario.play, Run { seed, kind, prepared });
    // Threads of its own: what panics in one run, or keeps a thread busy, is no other's business.
    let playing = tokio::task::spawn_blocking(move || {
        let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let ended = runtime.block_on(async { tokio::time::timeout(LONGEST, play(run)).await });
        runtime.shutdown_background();
        ended
    });
    let failure = match playing.await {
        Ok(Ok(())) => None,
        Ok(Err(_)) => Some(format!("did not end within {LONGEST:?}")),
        Err(error) => Some(what_was_wrong(error)),
    };
    let outcome = Outcome { scenario: scenario.name, kind, seed, took: start.elapsed(), failure };
    if let Some(failure) = &outcome.failure {
        eprintln!("{} FAILED on {kind}: {failure}\n  again: {}", outcome.scenario, outcome.again());
    }
    Some(outcome)
}

fn what_was_wrong(error: tokio::task::JoinError) -> String {
    let Ok(panic) = error.try_into_panic() else { return "it was cancelled".to_owned() };
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
    text.unwrap_or("it panicked with something that is no text").to_owned()
}
