//! What is counted.

use axum::Router;
use axum::routing::get;
use metrics_exporter_prometheus::PrometheusBuilder;

use crate::network::{client, development, failure, serve, url};

#[tokio::test]
async fn requests_bytes_and_refusals() {
    let recorder = PrometheusBuilder::new().build_recorder();
    let handle = recorder.handle();
    // The test runs on one thread, so everything it does is recorded here.
    let _local = metrics::set_default_local_recorder(&recorder);

    let outbound = client(development());
    let server = serve(Router::new().route("/", get(|| async { "12345" }))).await;
    outbound.get(&url(format!("http://{server}/"))).send().await.unwrap();
    outbound.get(&url(format!("http://{server}/missing"))).send().await.unwrap();
    failure(&outbound, "https://169.254.169.254/").await;
    failure(&outbound, "https://10.0.0.1/").await;

    let text = handle.render();
    for line in [
        "outbound_requests_total{outcome=\"2xx\"} 1",
        "outbound_requests_total{outcome=\"4xx\"} 1",
        "outbound_requests_total{outcome=\"refused\"} 2",
        "outbound_refused_total{reason=\"link_local\"} 1",
        "outbound_refused_total{reason=\"private\"} 1",
        "outbound_received_bytes_total 5",
        "outbound_request_seconds_count 4",
    ] {
        assert!(text.lines().any(|found| found == line), "{line} is not in\n{text}");
    }
}
