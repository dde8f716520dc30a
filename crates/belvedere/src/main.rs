//! The Belvedere server and its command line.

mod backfills;
mod cli;
mod config;
mod databases;
mod doctor;
mod failure;
mod logging;
mod network;
mod output;
mod serve;
mod unfilled;
mod unreachable;
mod vault;

use std::process::ExitCode;

fn main() -> ExitCode {
    // Named here, so that a second provider slipping into the dependencies cannot make every TLS client panic. It
    // fails only if one is installed already, which is just as well.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    cli::main().unwrap_or_else(|error| failure::report(&error))
}
