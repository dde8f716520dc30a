//! `belvedere serve`

use clap::Args;

const EXAMPLES: &str = "\
Examples:
  belvedere serve                                  the public network, SQLite in ./data, http://127.0.0.1:3000
  belvedere serve --data-dir /var/lib/belvedere --public-url https://view.example.com
  DATABASE_URL=postgres://me:secret@db/belvedere belvedere serve --host 0.0.0.0
  belvedere serve --dev --plc-url http://127.0.0.1:2582 --jetstream-url ws://127.0.0.1:2584

Prints one line of JSON on standard output when it is ready, with the URLs it listens on; the log goes to standard
error. SIGTERM and Ctrl-C end it in order within two seconds; a second one ends it at once.";

/// Serve: index records as they are written and answer queries about them
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(super) struct Serve {}
