//! Hosts in private networks, as far as the operator lists them.

use serde_json::json;

use super::{asked, failed};
use crate::fake_pds::FakePds;
use crate::harness::{Server, Surroundings, schemas};

#[tokio::test(flavor = "multi_thread")]
async fn a_private_host_is_reached_if_it_is_listed() {
    testkit::on_each_engine(&schemas(), |store| async move {
        let (listed, other) = (FakePds::start().await, FakePds::start().await);
        for page in [&listed, &other] {
            page.says("/page", 200, &json!({ "n": 1 }));
        }
        let host = listed.origin.strip_prefix("http://").unwrap().parse().unwrap();
        let surroundings = Surroundings { script_http_hosts: vec![host], ..Surroundings::nobody() };
        let server = Server::launch(store, surroundings).await;
        let get = |origin: &str| format!("return http.get('{origin}/page').body");
        assert_eq!(asked(&server, &get(&listed.origin)).await, r#"{"n":1}"#);
        for refused in [other.origin.as_str(), "http://127.0.0.1:1", "http://169.254.169.254"] {
            let error = failed(&server, &get(refused), 500).await;
            assert!(error["message"].as_str().unwrap().contains("not a public one"), "{refused}: {error}");
        }
    })
    .await;
}
