//! What clients call themselves does not become a time series each.

use std::sync::LazyLock;
use std::time::Duration;

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

use crate::site::{Person, Site, on_each_site};
use crate::socket::Socket;

/// What this process counts, from the first call on.
pub(crate) fn recorder() -> &'static PrometheusHandle {
    static RECORDER: LazyLock<PrometheusHandle> =
        LazyLock::new(|| PrometheusBuilder::new().install_recorder().unwrap());
    &RECORDER
}

/// As a client of this name.
async fn socket(person: &Person, name: &str) -> Socket {
    let auth = json!({ "token": person.token, "happyClient": name });
    Socket::connect(person.http.base(), auth).await.unwrap()
}

/// Values of a label of a metric.
fn values(text: &str, metric: &str, label: &str) -> Vec<String> {
    let lines = text.lines().filter(|line| line.starts_with(&format!("{metric}{{")));
    let value = |line: &str| Some(line.split_once(&format!("{label}=\""))?.1.split_once('"')?.0.to_owned());
    let mut values: Vec<String> = lines.filter_map(value).collect();
    values.sort();
    values.dedup();
    values
}

async fn until(recorder: &PrometheusHandle, line: &str) {
    let is_there = async {
        while !recorder.render().lines().any(|found| found == line) {
            sleep(Duration::from_millis(10)).await;
        }
    };
    let found = timeout(Duration::from_secs(20), is_there).await;
    assert!(found.is_ok(), "{line} is missing from\n{}", recorder.render());
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_and_sockets_are_told_apart_by_few_programs() {
    let counted = recorder();
    on_each_site(|site: Site| async move {
        let ann = site.person().await;
        let phone = ann.http.with_header("x-happy-client", "ios/1.7.0");
        phone.get("/v1/sessions").await.expect(200);
        // Strangers make no classes.
        let stranger = site.client.with_header("x-happy-client", "ios/6.6.6");
        stranger.get("/v1/sessions").await.expect(401);
        for n in 0..60 {
            let name = format!("cli/{n}.0");
            ann.http.with_header("x-happy-client", &name).get("/v1/sessions").await.expect(200);
            ann.http.with_header("x-happy-client", &format!("x{n}/1")).get("/v1/sessions").await.expect(200);
            socket(&ann, &name).await.ask("ping", &Value::Null).await;
        }
        let text = counted.render();
        for metric in ["http_requests_total", "http_request_duration_seconds_count", "websocket_events_total"]
        {
            let clients = values(&text, metric, "client");
            let of_terminals = clients.iter().filter(|client| client.starts_with("cli/")).count();
            assert_eq!(of_terminals, 8, "{metric}: {clients:?}");
            assert!(clients.iter().any(|client| client == "other"), "{metric}: {clients:?}");
        }
        assert!(!text.contains("6.6.6") && !text.contains("x1/1"));
        let kinds = values(&text, "http_requests_total", "client_type");
        assert_eq!(kinds, ["cli", "ios", "other", "unknown"]);
        let sessions = "app=\"sync\",method=\"GET\",route=\"/v1/sessions\"";
        assert!(
            text.contains(&format!("{sessions},client=\"ios/1.7.0\",client_type=\"ios\",status=\"2xx\""))
        );
        assert!(text.contains(&format!("{sessions},client=\"other\",client_type=\"ios\",status=\"4xx\"")));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sockets_and_rows_are_counted() {
    let counted = recorder();
    on_each_site(|site: Site| async move {
        let ann = site.person().await;
        let session = ann.session("t").await;
        ann.post(&session, &["one", "two", "three"]).await;
        let web = "client=\"web/2\",client_type=\"web\"";
        let here = format!("websocket_connections_total{{{web},type=\"user-scoped\"}}");
        let one = socket(&ann, "web/2").await;
        one.ask("ping", &Value::Null).await;
        until(counted, &format!("{here} 1")).await;
        drop(one);
        until(counted, &format!("{here} 0")).await;
        // It begins to count as soon as it starts.
        let next = Site::start(site.store.clone()).await;
        for (table, rows) in [("accounts", 1), ("sessions", 1), ("messages", 3), ("machines", 0)] {
            until(counted, &format!("database_records_total{{table=\"{table}\"}} {rows}")).await;
        }
        drop(next);
    })
    .await;
    assert!(counted.render().contains("event_type=\"disconnect\"}"));
}
