//! What goes into one execution of a script, and what comes out.

use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

use serde_json::value::RawValue;

use crate::{Global, Limits, ScriptError};

/// One execution of a [`Program`](crate::Program).
pub struct Run {
    /// Global variables. If the host has functions in a table of that name, they are put into the given one (`job.id` beside
    /// `job.wait`).
    pub globals: Vec<(&'static str, Global)>,
    /// What it may use up.
    pub limits: Limits,
    /// Handed to the host with every call.
    pub context: Arc<dyn Any + Send + Sync>,
    /// How many runs wait for this one: 0, or one more than the run whose host function started it.
    pub depth: u8,
}

/// What a run has done, whether or not it failed.
#[derive(Clone, Debug)]
pub struct Observed {
    /// What `handle` returned, or why it did not.
    pub returned: Result<Returned, ScriptError>,
    /// What it took.
    pub stats: Stats,
    /// What it passed to `log`, as in [`Outcome::log`].
    pub log: Vec<String>,
}

/// What a run that did not fail has done.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// What `handle` returned.
    pub returned: Returned,
    /// What it took.
    pub stats: Stats,
    /// What it passed to `log`, in order: the first 200 lines, each cut at 4 kB.
    pub log: Vec<String>,
}

impl Observed {
    /// Of a run that never began.
    pub(crate) fn none(error: ScriptError) -> Self {
        Self { returned: Err(error), stats: Stats::default(), log: Vec::new() }
    }

    /// Without what a failure left.
    pub(crate) fn outcome(self) -> Result<Outcome, ScriptError> {
        let Self { returned, stats, log } = self;
        returned.map(|returned| Outcome { returned, stats, log })
    }
}

/// What `handle` returned, as JSON.
#[derive(Clone, Debug)]
pub enum Returned {
    /// `nil`, or nothing.
    Nil,
    /// An object or an array.
    Table(Box<RawValue>),
    /// Anything else, `json.null` included.
    Other(Box<RawValue>),
}

/// What a run took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Instructions, as [`Limits::instructions`] counts them.
    pub instructions: u64,
    /// The script's own time.
    pub elapsed: Duration,
    /// The time it waited for host functions.
    pub host_time: Duration,
    /// The most bytes that the machine was seen to hold; looked at every thousand instructions and at the end.
    pub memory_peak: usize,
    /// Calls of host functions.
    pub host_calls: u64,
}
