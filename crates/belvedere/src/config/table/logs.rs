//! What is said while working.

use super::TEXT;
use crate::config::setting::{Group, Kind, Setting};

pub(crate) const LOG: Setting = Setting {
    key: "log",
    flag: "log",
    variables: &["RUST_LOG"],
    placeholder: "FILTER",
    otherwise: "info for serve, warn for other commands",
    group: Group::Logs,
    help: "What to log, e.g. info or info,records=debug.",
    ..TEXT
};

pub(crate) const LOG_FORMAT: Setting = Setting {
    key: "log_format",
    flag: "log-format",
    variables: &["LOG_FORMAT"],
    placeholder: "FORMAT",
    kind: Kind::Choice(&["text", "json"]),
    default: "text",
    group: Group::Logs,
    help: "How log lines look.",
    ..TEXT
};

pub(crate) const OTLP_ENDPOINT: Setting = Setting {
    key: "otlp_endpoint",
    flag: "otlp-endpoint",
    variables: &["OTEL_EXPORTER_OTLP_ENDPOINT"],
    placeholder: "URL",
    otherwise: "nowhere",
    group: Group::Logs,
    help: "Collector that is sent a span for every request (OTLP over HTTP, e.g. http://127.0.0.1:4318).",
    ..TEXT
};
