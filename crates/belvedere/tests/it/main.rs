//! The program as people and programs meet it: its command line, its server, its documents.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod account;
mod backfill;
mod client;
mod configuration;
mod credential_helper;
mod deploy;
mod dns;
mod doctor;
mod examination;
mod fixtures;
mod help;
mod import;
mod import_happy;
mod import_thoughts;
mod job;
mod key;
mod lexicon;
mod microblog;
mod network;
mod openapi;
mod permission;
mod place;
mod record;
mod registry;
mod relay;
mod serve;
mod social;
mod state;
mod state_of;
mod stream;
mod traces;
mod user;
