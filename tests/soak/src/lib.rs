//! Scenarios in which everything around the program breaks, each made by a seed, and compared with what the simulated network knows.
//!
//! A [`Scenario`] is a value: a name, what it does, and a function that makes a [`Rig`] (a simulated network, a place for the program's
//! data, and the program itself, the real one) and plays with it. What the program has in the end is compared with the network's own
//! model: nothing missing, nothing extra, nothing stale. `make soak` runs them all with many seeds, `make test` with three; each
//! failure says how to repeat it.

#![expect(clippy::unwrap_used, reason = "a scenario fails by panicking")]
#![expect(clippy::missing_panics_doc, reason = "every function may panic: that is how a scenario fails")]

mod chance;
mod crash;
mod engine;
mod index;
mod people;
mod prepared;
mod report;
mod rig;
mod run;
mod scenario;
mod scenarios;
mod source;
mod trouble;
mod wait;

pub use crash::{CRASH_POINTS, CrashPoint};
pub use engine::Kind;
pub use prepared::Stage;
pub use report::Report;
pub use run::{Outcome, Run, run};
pub use scenario::Scenario;
pub use scenarios::SCENARIOS;
