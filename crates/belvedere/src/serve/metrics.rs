//! Prometheus metrics: the recorder, its upkeep, what describes the process.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use metrics::{Unit, describe_gauge, gauge};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use server::Task;

/// Upper bounds in seconds for everything that takes time: from a look-up in memory to a request that times out.
const SECONDS: [f64; 15] =
    [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0, 30.0];

/// For calls from socket to socket: people and their machines answer them.
const CALL_SECONDS: [f64; 10] = [0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 15.0, 30.0];

/// For how often something was tried again.
const RETRIES: [f64; 8] = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0];

/// Histograms are aggregated this often, so that they do not grow while nobody asks for them.
const UPKEEP: Duration = Duration::from_secs(5);

/// Makes all metrics of the process count from here on.
pub(super) fn install() -> Result<PrometheusHandle> {
    let call_seconds = Matcher::Full("rpc_call_duration_seconds".to_owned());
    let retries = Matcher::Suffix("_retries".to_owned());
    let handle = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)
        .and_then(|it| it.set_buckets_for_metric(call_seconds, &CALL_SECONDS))
        .and_then(|it| it.set_buckets_for_metric(retries, &RETRIES))
        .and_then(PrometheusBuilder::install_recorder)
        .context("cannot start metrics")?;
    describe_gauge!("belvedere_build_info", "Always 1; the labels say which build runs.");
    gauge!("belvedere_build_info", "version" => env!("CARGO_PKG_VERSION")).set(1.0);
    describe_gauge!(
        "process_start_time_seconds",
        Unit::Seconds,
        "When the process started, since the epoch."
    );
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    gauge!("process_start_time_seconds").set(since_epoch.as_secs_f64());
    Ok(handle)
}

/// Keeps histograms small.
pub(super) fn upkeep(handle: PrometheusHandle) -> Task {
    Task::new("metrics upkeep", move |stop| async move {
        while stop.run_until_cancelled(tokio::time::sleep(UPKEEP)).await.is_some() {
            handle.run_upkeep();
        }
    })
}
