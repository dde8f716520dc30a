//! Where log lines go: to standard error, so that standard output holds answers only.

use std::io::{IsTerminal, stderr};

use opentelemetry_sdk::trace::SdkTracer;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, fmt};

use crate::config::{LogFormat, Settings};

/// The driver repeats what the server notices, such as tables that are there already.
const WITHOUT_NOTICES: &str = "tokio_postgres=warn";

/// Starts logging, and making spans if somebody takes them. `default` is the level that counts when nobody configured anything.
pub(crate) fn start(settings: &Settings, default: &str, tracer: Option<SdkTracer>) {
    // The filter was checked when the setting was read.
    let filter = match &settings.log {
        Some(filter) => EnvFilter::new(filter),
        None => EnvFilter::new(format!("{default},{WITHOUT_NOTICES}")),
    };
    let lines = fmt::layer().with_writer(stderr);
    let lines = match settings.log_format {
        LogFormat::Text => lines.with_ansi(stderr().is_terminal()).with_filter(filter).boxed(),
        LogFormat::Json => lines.json().flatten_event(true).with_filter(filter).boxed(),
    };
    let spans = tracer.map(|tracer| {
        let spans = tracing_opentelemetry::layer().with_tracer(tracer);
        spans.with_location(false).with_threads(false).with_filter(LevelFilter::INFO)
    });
    tracing_subscriber::registry().with(spans).with(lines).init();
}
