//! The appview on a socket, on both engines.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

mod backfill;
mod catalogue;
mod config;
mod events;
mod fake_pds;
mod fields;
mod fixed;
mod harness;
mod hook;
mod hostile;
mod hostile_pds;
mod jobs;
mod labelers;
mod lexicons;
mod limits;
mod list;
mod live;
mod local;
mod lua;
mod network_lexicons;
mod others;
mod people;
mod procedures;
mod profiles;
mod proxy;
mod queries;
mod reach;
mod read_through;
mod record;
mod records;
mod scripts;
mod stream;
mod surroundings;
mod uploads;
mod validation;
#[expect(clippy::expect_used, reason = "shared with the tests of `cache`")]
#[path = "../../../cache/tests/it/proxy.rs"]
mod valkey_proxy;
mod writes;
