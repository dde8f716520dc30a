//! Places where tests break the product on purpose.
//!
//! A guard that no test misses when it is gone is not known to matter. [`mutant!`] marks the one-line mistake that a guard
//! prevents; [`crash_point!`] marks a moment after which a dead process must have lost nothing. Both are chosen for the whole
//! process by the environment, at most one of each:
//!
//! | Variable | Meaning |
//! |---|---|
//! | `FAULTS_MUTANT=NAME` | the mistake of this name is made, always |
//! | `FAULTS_CRASH=NAME` or `NAME:N` | the process dies at the moment of this name, the first or the `N`th time it comes |
//! | `FAULTS_CLOCK=FILE` | the clock is wrong by as many milliseconds as the file says at that moment |
//!
//! They exist only where debug assertions do: in a release both are nothing, and the environment is not read.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::process;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// Whether the mistake of this name is to be made: `if mutant!("name") { wrong } else { right }`.
///
/// `false`, for the optimiser to remove, where there are no debug assertions.
#[macro_export]
macro_rules! mutant {
    ($name:literal) => {
        cfg!(debug_assertions) && $crate::is_mutant($name)
    };
}

/// A moment at which the process dies, as by `kill -9`, if it was started to.
#[macro_export]
macro_rules! crash_point {
    ($name:literal) => {
        if cfg!(debug_assertions) {
            $crate::reached($name);
        }
    };
}

/// How wrong the clock is to be, in microseconds.
#[macro_export]
macro_rules! clock_offset {
    () => {
        if cfg!(debug_assertions) { $crate::wrong_by() } else { 0 }
    };
}

/// What the file of `FAULTS_CLOCK` says now, in microseconds; use [`clock_offset!`].
#[must_use]
pub fn wrong_by() -> i64 {
    static CLOCK: OnceLock<Option<OsString>> = OnceLock::new();
    let Some(file) = CLOCK.get_or_init(|| env::var_os("FAULTS_CLOCK")) else { return 0 };
    // A file that is not there, or half written, is a clock that is right.
    let millis: Option<i64> = fs::read_to_string(file).ok().and_then(|text| text.trim().parse().ok());
    millis.unwrap_or_default().saturating_mul(1000)
}

/// Whether this process is the mutant of this name; use [`mutant!`].
#[must_use]
pub fn is_mutant(name: &str) -> bool {
    static MUTANT: OnceLock<Option<String>> = OnceLock::new();
    MUTANT.get_or_init(|| env::var("FAULTS_MUTANT").ok()).as_deref() == Some(name)
}

/// Dies if this is the moment this process was started to die at; use [`crash_point!`].
pub fn reached(name: &str) {
    static CRASH: OnceLock<Option<Crash>> = OnceLock::new();
    let crash = CRASH.get_or_init(|| env::var("FAULTS_CRASH").ok().as_deref().map(Crash::parse));
    if crash.as_ref().is_some_and(|crash| crash.is_now(name)) {
        // No destructor runs and nothing is flushed.
        process::abort();
    }
}

/// When to die.
#[derive(Debug)]
struct Crash {
    name: String,
    /// How many more times the moment passes by.
    left: AtomicU64,
}

impl Crash {
    fn parse(text: &str) -> Self {
        let (name, times) = text.rsplit_once(':').unwrap_or((text, "1"));
        Self { name: name.to_owned(), left: AtomicU64::new(times.parse().unwrap_or(1)) }
    }

    fn is_now(&self, name: &str) -> bool {
        self.name == name && self.left.fetch_sub(1, Ordering::Relaxed) == 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dies_at_the_moment_that_was_chosen_and_not_before() {
        let crash = Crash::parse("before-commit:3");
        let moments = ["before-commit", "after-commit", "before-commit", "before-commit", "before-commit"];
        assert_eq!(moments.map(|name| crash.is_now(name)), [false, false, false, true, false]);
        assert!(Crash::parse("after-commit").is_now("after-commit"));
    }

    #[test]
    fn nothing_is_broken_unless_somebody_asks_for_it() {
        assert!(!mutant!("never-chosen"));
        crash_point!("never-chosen");
        assert_eq!(clock_offset!(), 0);
    }
}
