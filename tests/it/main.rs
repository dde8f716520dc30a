//! End to end: the program on a real network, through crashes, full disks, restarts and whatever users do.
//!
//! Each scenario is one test per engine with a network of its own. `E2E_SEED=…`, which every failure prints, repeats its
//! random choices.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod addresses;
mod broken;
mod chance;
mod clients;
mod compare;
mod dead_letters;
mod disk;
mod federation;
mod fields;
mod firehose;
mod gaps;
mod history;
mod instances;
mod jetstream;
mod jobs;
mod kill;
mod labels;
mod lexicons;
mod lifecycle;
mod local;
mod mastodon;
mod meters;
mod misses;
mod model;
mod paging;
mod people;
mod permissions;
mod programs;
mod proofs;
mod queries;
mod relay;
mod samples;
mod scene;
mod script_commands;
mod script_folder;
mod scripts;
mod session;
mod shared;
mod simulated;
mod starved;
mod stop;
mod stream;
mod traffic;
mod truth;
mod view;
mod wait;
