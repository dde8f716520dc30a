//! The shell's own app: is the server alive, and is it ready?

use std::{fmt, sync::Arc, time::Duration};

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use futures::future::{BoxFuture, join_all};
use http::{
    HeaderValue, StatusCode,
    header::{CACHE_CONTROL, HeaderName},
};
use serde::Serialize;
use time::{OffsetDateTime, format_description::BorrowedFormatItem, macros::format_description};
use tracing::warn;

use crate::{Access, App, Cors, Hosts, Json, Mount, Route, shell::SHELL, standard_errors};

/// A probe asks this process, not a site, so these are at the root whatever the base path, on any host.
pub(crate) const PREFIXES: [&str; 4] = [HEALTH, READY, HEALTHZ, READYZ];

const HEALTH: &str = "/health";
const READY: &str = "/ready";

/// The same by the names that probes of registries (spec/registry.md §6) and of microblogs (spec/social.md §3.5) have.
const HEALTHZ: &str = "/healthz";
const READYZ: &str = "/readyz";
const HEALTH_READY: &str = "/health/ready";

/// A dependency that takes longer than this to answer is not ready.
const CHECK_TIME_LIMIT: Duration = Duration::from_secs(2);

const TIMESTAMP: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");

const UNCACHED: [(HeaderName, HeaderValue); 1] = [(CACHE_CONTROL, HeaderValue::from_static("no-store"))];

/// One thing that must work for the server to be useful, e.g. a database.
pub struct Check {
    name: &'static str,
    run: Box<dyn Fn() -> BoxFuture<'static, Result<(), CheckError>> + Send + Sync>,
}

/// Why a check failed; logged, not shown.
pub type CheckError = Box<dyn std::error::Error + Send + Sync>;

impl Check {
    /// `run` is called for every request of `/ready`.
    pub fn new<F>(name: &'static str, run: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<(), CheckError>> + Send + 'static,
    {
        Self { name, run: Box::new(move || Box::pin(run())) }
    }

    async fn passes(&self) -> bool {
        let outcome = tokio::time::timeout(CHECK_TIME_LIMIT, (self.run)()).await;
        let failure = match outcome {
            Ok(Ok(())) => return true,
            Ok(Err(error)) => error.to_string(),
            Err(_) => "no answer in time".to_owned(),
        };
        warn!(check = self.name, failure, "not ready");
        false
    }
}

impl fmt::Debug for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Check").field("name", &self.name).finish_non_exhaustive()
    }
}

/// `/health` and `/ready`, on mounts of their own so that no app can claim them.
pub(crate) fn app(version: &'static str, checks: Vec<Check>) -> App {
    let mount =
        |prefix| Mount { hosts: Hosts::Any, cors: Some(Cors::xrpc()), ..Mount::new(prefix, standard_errors) };
    let alive = |path| Route::get(path, Access::Public, "Liveness and version", health);
    let ready = |path| Route::get(path, Access::Public, "Readiness, check by check", ready);
    let checks = Arc::new(checks);
    let mounts = vec![
        mount(HEALTH).routes(&version, [alive(HEALTH)]).routes(&checks, [ready(HEALTH_READY)]),
        mount(HEALTHZ).routes(&version, [alive(HEALTHZ)]),
        mount(READY).routes(&checks, [ready(READY)]),
        mount(READYZ).routes(&checks, [ready(READYZ)]),
    ];
    App { mounts, ..App::new(SHELL) }
}

#[derive(Serialize)]
struct Health {
    status: &'static str,
    service: &'static str,
    version: &'static str,
    /// RFC 3339 with milliseconds.
    timestamp: String,
}

/// That this process answers, and when.
pub(crate) fn alive() -> Response {
    let body = serde_json::json!({ "status": "ok", "timestamp": timestamp() });
    (UNCACHED, axum::Json(body)).into_response()
}

fn timestamp() -> String {
    OffsetDateTime::now_utc().format(TIMESTAMP).unwrap_or_default()
}

async fn health(State(version): State<&'static str>) -> Response {
    let timestamp = timestamp();
    (UNCACHED, Json(Health { status: "ok", service: "belvedere", version, timestamp })).into_response()
}

#[derive(Serialize)]
struct Readiness {
    status: &'static str,
    checks: Vec<CheckResult>,
}

#[derive(Serialize)]
struct CheckResult {
    name: &'static str,
    status: &'static str,
}

async fn ready(State(checks): State<Arc<Vec<Check>>>) -> Response {
    let passed = join_all(checks.iter().map(Check::passes)).await;
    let word = |passed| if passed { "ok" } else { "failed" };
    let all = passed.iter().all(|passed| *passed);
    let checks = checks.iter().zip(&passed);
    let checks =
        checks.map(|(check, passed)| CheckResult { name: check.name, status: word(*passed) }).collect();
    let status = if all { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, UNCACHED, Json(Readiness { status: word(all), checks })).into_response()
}
