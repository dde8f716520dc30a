//! Where log lines go: to standard error, so that standard output holds answers only.

use std::io::{IsTerminal, stderr};

use tracing_subscriber::EnvFilter;

use crate::config::{LogFormat, Settings};

/// The driver repeats what the server notices, such as tables that are there already.
const WITHOUT_NOTICES: &str = "tokio_postgres=warn";

/// Starts logging. `default` is the level that counts when nobody configured anything.
pub(crate) fn start(settings: &Settings, default: &str) {
    // The filter was checked when the setting was read.
    let filter = match &settings.log {
        Some(filter) => EnvFilter::new(filter),
        None => EnvFilter::new(format!("{default},{WITHOUT_NOTICES}")),
    };
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(stderr);
    match settings.log_format {
        LogFormat::Text => lines.with_ansi(stderr().is_terminal()).init(),
        LogFormat::Json => lines.json().flatten_event(true).init(),
    }
}
