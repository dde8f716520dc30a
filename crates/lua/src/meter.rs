//! What a run has used up, and whether it is over.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;

use crate::{Limit, Limits, ScriptError, Stats};

/// Counts for one machine, one run after the other. The machine's functions share it with the hook.
pub(crate) struct Meter(Mutex<Reading>);

struct Reading {
    limits: Limits,
    stop: CancellationToken,
    started: Instant,
    stats: Stats,
    over: Option<Over>,
}

/// Why a run is over before it has ended. Once it is, it stays so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Over {
    #[error(transparent)]
    Limit(#[from] Limit),
    #[error("the run was abandoned")]
    Stopped,
}

impl From<Over> for ScriptError {
    fn from(over: Over) -> Self {
        match over {
            Over::Limit(limit) => Self::Limit(limit),
            Over::Stopped => Self::Stopped,
        }
    }
}

impl From<Over> for mlua::Error {
    fn from(over: Over) -> Self {
        Self::external(over)
    }
}

impl Meter {
    pub(crate) fn new() -> Self {
        Self(Mutex::new(Reading {
            limits: Limits::default(),
            stop: CancellationToken::new(),
            started: Instant::now(),
            stats: Stats::default(),
            over: None,
        }))
    }

    /// Begins to count anew.
    pub(crate) fn begin(&self, limits: Limits, stop: CancellationToken) {
        *self.lock() = Reading { limits, stop, started: Instant::now(), stats: Stats::default(), over: None };
    }

    /// Counts instructions, and looks at the clock.
    pub(crate) fn spend(&self, instructions: u64) -> Result<(), Over> {
        let mut reading = self.lock();
        reading.stats.instructions = reading.stats.instructions.saturating_add(instructions);
        reading.check()
    }

    /// The same of the hook, which also knows how much memory is held.
    pub(crate) fn tick(&self, instructions: u64, memory: usize) -> Result<(), Over> {
        let mut reading = self.lock();
        reading.stats.instructions = reading.stats.instructions.saturating_add(instructions);
        reading.stats.memory_peak = reading.stats.memory_peak.max(memory);
        reading.check()
    }

    /// Counts the call of a host function.
    pub(crate) fn call_host(&self) -> Result<(), Over> {
        let mut reading = self.lock();
        reading.stats.host_calls += 1;
        if reading.limits.host_calls.is_some_and(|limit| reading.stats.host_calls > limit) {
            return Err(reading.end(Over::Limit(Limit::HostCalls)));
        }
        reading.check()
    }

    /// Takes time spent with the host off the script's own.
    pub(crate) fn waited(&self, time: Duration) {
        self.lock().stats.host_time += time;
    }

    /// Ends the run, unless it is over already; why it is over.
    pub(crate) fn end(&self, over: Over) -> Over {
        self.lock().end(over)
    }

    /// Why the run is over.
    pub(crate) fn over(&self) -> Option<Over> {
        self.lock().over
    }

    /// [`Limits::output`].
    pub(crate) fn output_limit(&self) -> usize {
        self.lock().limits.output
    }

    /// [`Limits::log_lines`].
    pub(crate) fn log_limit(&self) -> u64 {
        self.lock().limits.log_lines
    }

    /// What has been used up so far.
    pub(crate) fn stats(&self, memory: usize) -> Stats {
        let reading = self.lock();
        Stats {
            elapsed: reading.own_time(),
            memory_peak: reading.stats.memory_peak.max(memory),
            ..reading.stats
        }
    }

    fn lock(&self) -> MutexGuard<'_, Reading> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Reading {
    fn own_time(&self) -> Duration {
        self.started.elapsed().saturating_sub(self.stats.host_time)
    }

    fn check(&mut self) -> Result<(), Over> {
        if self.over.is_none() {
            if self.limits.instructions.is_some_and(|limit| self.stats.instructions > limit) {
                self.over = Some(Over::Limit(Limit::Instructions));
            } else if self.limits.time.is_some_and(|limit| self.own_time() > limit) {
                self.over = Some(Over::Limit(Limit::Time));
            } else if self.stop.is_cancelled() {
                self.over = Some(Over::Stopped);
            }
        }
        self.over.map_or(Ok(()), Err)
    }

    fn end(&mut self, over: Over) -> Over {
        *self.over.get_or_insert(over)
    }
}
