//! Demonstrating Proof of Possession (RFC 9449): a token that is stolen is worth nothing without the key it is bound
//! to.
//!
//! Each request carries a proof signed with that key. Remembering which proofs were seen is up to the caller.

mod error;
mod proof;
mod target;
mod verify;

pub use error::DpopError;
pub use proof::{Proof, access_token_hash, sign};
pub use target::target;
pub use verify::{Expect, MAX_AGE_SECONDS, MAX_AHEAD_SECONDS, REPLAY_WINDOW_SECONDS, VerifiedProof, verify};
