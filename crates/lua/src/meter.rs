//! What a run has used up, and whether it is over.

use std::cell::{RefCell, RefMut};
use std::time::{Duration, Instant};

use crate::fiber::Waiter;
use crate::{Limit, Limits, ScriptError, Stats};

/// Counts for one machine, one run after the other. The machine's functions share it with the hook.
pub(crate) struct Meter(RefCell<Reading>);

struct Reading {
    limits: Limits,
    /// A script that is only checked has none.
    waiter: Option<Waiter>,
    started: Instant,
    /// Time that was not the script's own.
    away: Duration,
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
        Self(RefCell::new(Reading::new(Limits::default(), None)))
    }

    /// Begins to count anew.
    pub(crate) fn begin(&self, limits: Limits, waiter: Option<Waiter>) {
        *self.reading() = Reading::new(limits, waiter);
    }

    /// Counts instructions, and looks at the clock.
    pub(crate) fn spend(&self, instructions: u64) -> Result<(), Over> {
        self.tick(instructions, 0)
    }

    /// The same of the hook, which also knows how much memory is held.
    pub(crate) fn tick(&self, instructions: u64, memory: usize) -> Result<(), Over> {
        let waiter = {
            let mut reading = self.reading();
            reading.stats.instructions = reading.stats.instructions.saturating_add(instructions);
            reading.stats.memory_peak = reading.stats.memory_peak.max(memory);
            reading.check()?;
            reading.waiter.clone()
        };
        match waiter.and_then(|waiter| waiter.yield_if_due()) {
            Some(away) => {
                let mut reading = self.reading();
                reading.away += away;
                reading.check()
            }
            None => Ok(()),
        }
    }

    /// Counts the call of a host function.
    pub(crate) fn call_host(&self) -> Result<(), Over> {
        let mut reading = self.reading();
        reading.stats.host_calls += 1;
        if reading.limits.host_calls.is_some_and(|limit| reading.stats.host_calls > limit) {
            return Err(reading.end(Over::Limit(Limit::HostCalls)));
        }
        reading.check()
    }

    /// Waits for the host; the time is not the script's own.
    pub(crate) fn wait<T>(&self, host: impl Future<Output = T>) -> Result<T, Over> {
        let (waiter, left) = {
            let reading = self.reading();
            (reading.waiter.clone(), reading.left())
        };
        let started = Instant::now();
        let answer = waiter.and_then(|waiter| match left {
            None => waiter.wait(host).map(Some),
            Some(left) => waiter.wait(tokio::time::timeout(left, host)).map(Result::ok),
        });
        let mut reading = self.reading();
        let took = started.elapsed();
        reading.stats.host_time += took;
        reading.away += took;
        match answer {
            Some(Some(answer)) => Ok(answer),
            Some(None) => Err(reading.end(Over::Limit(Limit::Total))),
            None => Err(reading.end(Over::Stopped)),
        }
    }

    /// Ends the run, unless it is over already; why it is over.
    pub(crate) fn end(&self, over: Over) -> Over {
        self.reading().end(over)
    }

    /// Why the run is over.
    pub(crate) fn over(&self) -> Option<Over> {
        self.reading().over
    }

    /// [`Limits::output`].
    pub(crate) fn output_limit(&self) -> usize {
        self.reading().limits.output
    }

    /// [`Limits::log_lines`].
    pub(crate) fn log_limit(&self) -> u64 {
        self.reading().limits.log_lines
    }

    /// What has been used up; the run has ended.
    pub(crate) fn finish(&self, memory: usize) -> Stats {
        let mut reading = self.reading();
        reading.waiter = None;
        Stats {
            elapsed: reading.own_time(),
            memory_peak: reading.stats.memory_peak.max(memory),
            ..reading.stats
        }
    }

    fn reading(&self) -> RefMut<'_, Reading> {
        self.0.borrow_mut()
    }
}

impl Reading {
    fn new(limits: Limits, waiter: Option<Waiter>) -> Self {
        Self {
            limits,
            waiter,
            started: Instant::now(),
            away: Duration::ZERO,
            stats: Stats::default(),
            over: None,
        }
    }

    fn own_time(&self) -> Duration {
        self.started.elapsed().saturating_sub(self.away)
    }

    /// Of [`Limits::total`].
    fn left(&self) -> Option<Duration> {
        self.limits.total.map(|total| total.saturating_sub(self.started.elapsed()))
    }

    fn check(&mut self) -> Result<(), Over> {
        if self.over.is_none() {
            if self.limits.instructions.is_some_and(|limit| self.stats.instructions > limit) {
                self.over = Some(Over::Limit(Limit::Instructions));
            } else if self.limits.time.is_some_and(|limit| self.own_time() > limit) {
                self.over = Some(Over::Limit(Limit::Time));
            } else if self.left().is_some_and(|left| left.is_zero()) {
                self.over = Some(Over::Limit(Limit::Total));
            } else if self.waiter.as_ref().is_some_and(Waiter::is_abandoned) {
                self.over = Some(Over::Stopped);
            }
        }
        self.over.map_or(Ok(()), Err)
    }

    fn end(&mut self, over: Over) -> Over {
        *self.over.get_or_insert(over)
    }
}
