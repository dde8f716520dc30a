//! What a run may use up.

use std::time::Duration;

/// The bounds of one run. `None` means that there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Instructions of the machine, in all coroutines together. Counted by the thousand; a coroutine costs a thousand, and
    /// functions that do much at once count for as much.
    pub instructions: Option<u64>,
    /// The script's own time. What it waits for the host is not counted.
    pub time: Option<Duration>,
    /// From the beginning of the run to its end, what it waits for included: of a script for which others wait.
    pub total: Option<Duration>,
    /// Bytes that the machine may hold, its libraries (about 100 kB) included.
    pub memory: usize,
    /// Bytes of any JSON text that leaves the machine: the result, the arguments of a host function, `json.encode`.
    pub output: usize,
    /// Calls of host functions.
    pub host_calls: Option<u64>,
    /// Lines of `log` that the host is told of; it hears of no more.
    pub log_lines: u64,
}

impl Default for Limits {
    /// The bounds of a script somebody waits for.
    fn default() -> Self {
        Self {
            instructions: Some(1_000_000),
            time: Some(Duration::from_secs(10)),
            total: None,
            memory: 64 << 20,
            output: 10 << 20,
            host_calls: Some(10_000),
            log_lines: 200,
        }
    }
}

impl Limits {
    /// The bounds of a job, which may take as long as it takes, and log for as long.
    #[must_use]
    pub fn job() -> Self {
        Self {
            instructions: None,
            time: None,
            host_calls: Some(10_000_000),
            log_lines: u64::MAX,
            ..Self::default()
        }
    }
}

/// The limit that ended a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Limit {
    /// [`Limits::instructions`].
    #[error("it took more instructions than it may")]
    Instructions,
    /// [`Limits::time`].
    #[error("it took longer than it may")]
    Time,
    /// [`Limits::total`].
    #[error("it took longer than it may, what it waited for included")]
    Total,
    /// [`Limits::memory`].
    #[error("it needed more memory than it may")]
    Memory,
    /// [`Limits::output`].
    #[error("it made a JSON text larger than it may")]
    Output,
    /// [`Limits::host_calls`].
    #[error("it called more host functions than it may")]
    HostCalls,
}

impl Limit {
    /// The name of the limit in metrics.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Instructions => "instructions",
            Self::Time => "time",
            Self::Total => "total",
            Self::Memory => "memory",
            Self::Output => "output",
            Self::HostCalls => "host_calls",
        }
    }
}
