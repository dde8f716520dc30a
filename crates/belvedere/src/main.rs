//! The Belvedere server and its command line.

mod backfills;
mod cli;
mod config;
mod databases;
mod doctor;
mod failure;
mod holds;
mod logging;
mod network;
mod output;
mod serve;
mod traces;
mod unfilled;
mod unreachable;
mod vault;

use std::process::ExitCode;

fn main() -> ExitCode {
    // Named here, so that a second provider slipping into the dependencies cannot make every TLS client panic. It
    // fails only if one is installed already, which is just as well.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    // Container clients look for a program of this name: a link to the one binary.
    if std::env::args_os().next().is_some_and(|program| credential_helper::is_called(&program)) {
        return credential_helper::main(std::env::args_os());
    }
    cli::main().unwrap_or_else(|error| failure::report(&error))
}
