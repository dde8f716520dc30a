//! The crate against the protocol's own vectors, real traffic and hostile input.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "what fails here fails a test")]

mod attestation;
mod blocks;
mod car;
mod crypto;
mod did_doc;
mod dpop;
mod firehose;
mod fuzz;
mod jetstream;
mod jetstream_v2;
mod jose;
mod lexicon;
mod mst;
mod oauth;
mod plc;
mod record;
mod record_cbor;
mod repo;
mod scope;
mod segment;
mod service_auth;
mod syntax;
mod tokens;
mod vectors;
mod zstd;
