//! What the protocol says, by what servers exchange.

#![expect(clippy::unwrap_used, reason = "what fails here fails a test")]

mod arbitrary;
mod forms;
mod peer;
mod samples;
mod signing;
mod vectors;
