//! Whether the index says what the hosts of its repositories say.
//!
//! A [`Verifier`] reads and never writes. It asks a repository's host for everything in some collections, and compares
//! that with what is here ([`compare`]): missing, extra, stale. What an operator has deleted is not missing. Since the
//! stream brings changes a moment later, whatever differs is looked at again after a pause, and only what differed both
//! times, in the same way, is a [`Difference`]. A repository that cannot be read is listed, not compared.

mod compare;
mod here;
mod population;
mod report;
mod there;
mod verifier;

pub use compare::{Difference, Here, Kind, Versions, compare, persisting};
pub use population::{listed, repos_here, sample};
pub use report::{RepoReport, Report, Verdict};
pub use verifier::{Verifier, VerifierConfig};
