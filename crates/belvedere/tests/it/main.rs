//! The program as people and programs meet it: its command line, its server, its documents.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod configuration;
mod dns;
mod doctor;
mod fixtures;
mod help;
mod key;
mod lexicon;
mod network;
mod place;
mod record;
mod serve;
mod state;
mod stream;
