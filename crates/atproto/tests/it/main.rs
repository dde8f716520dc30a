//! The crate against the protocol's own vectors, real traffic and hostile input.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "what fails here fails a test")]

mod crypto;
mod did_doc;
mod fuzz;
mod jetstream;
mod lexicon;
mod record;
mod syntax;
mod vectors;
mod zstd;
