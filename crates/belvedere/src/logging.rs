//! Where log lines go: to standard error, so that standard output holds answers only.

use std::io::{IsTerminal, stderr};

use tracing_subscriber::EnvFilter;

use crate::config::{LogFormat, Settings};

/// Starts logging. `default` is the filter that counts when nobody configured one.
pub(crate) fn start(settings: &Settings, default: &str) {
    // The filter was checked when the setting was read.
    let filter = EnvFilter::new(settings.log.as_deref().unwrap_or(default));
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(stderr);
    match settings.log_format {
        LogFormat::Text => lines.with_ansi(stderr().is_terminal()).init(),
        LogFormat::Json => lines.json().flatten_event(true).init(),
    }
}
