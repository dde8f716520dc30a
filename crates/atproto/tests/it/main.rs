//! The crate against the protocol's own vectors, real traffic and hostile input.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "what fails here fails a test")]

mod crypto;
mod did_doc;
mod dpop;
mod fuzz;
mod jetstream;
mod jose;
mod lexicon;
mod oauth;
mod plc;
mod record;
mod scope;
mod service_auth;
mod syntax;
mod tokens;
mod vectors;
mod zstd;
