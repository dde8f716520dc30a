//! Sockets whose clients do not read what they are told.

use std::time::Duration;

use data_encoding::BASE64;
use serde_json::{Value, json};
use testkit::relay::Wire;
use tokio::time::{sleep, timeout};

use crate::meters::recorder;
use crate::site::on_each_site;

const MIB: usize = 1 << 20;

/// What a packet carries, after the digits it begins with.
fn body(packet: &str) -> Value {
    serde_json::from_str(packet.trim_start_matches(|c: char| c.is_ascii_digit())).unwrap()
}

async fn next(wire: &mut Wire) -> Value {
    body(&timeout(Duration::from_secs(20), wire.next()).await.unwrap().unwrap())
}

/// Sockets that could not take something, so far.
fn lagging() -> u64 {
    let text = recorder().render();
    let number = text.lines().find_map(|line| line.strip_prefix("sync_sockets_lagging_total "));
    number.map_or(0, |number| number.parse().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn they_are_owed_little_and_miss_nothing() {
    // From here on is counted.
    recorder();
    on_each_site(|site| async move {
        let person = site.person().await;
        let session = person.session("t").await;
        let mut wire = Wire::connect(site.client.base(), &json!({ "token": person.token })).await.unwrap();
        let before = lagging();
        for n in 0..8 {
            let message = json!({ "localId": n.to_string(), "content": "x".repeat(4 * MIB) });
            let path = format!("/v3/sessions/{session}/messages");
            person.http.post(&path, &json!({ "messages": [message] })).await.expect(200);
        }
        timeout(Duration::from_secs(20), async {
            while lagging() == before {
                sleep(Duration::from_millis(10)).await;
            }
        })
        .await
        .expect("it is not given eight times as much as it may be owed");
        for n in 0..8 {
            let told = next(&mut wire).await;
            assert_eq!(
                (&told[0], &told[1]["body"]["message"]["localId"]),
                (&json!("update"), &json!(n.to_string()))
            );
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_they_ask_for_waits_for_them() {
    on_each_site(|site| async move {
        let person = site.person().await;
        let artifact = json!({
            "id": "3a2f3a5e-52cf-4f4e-8f3f-1d9e5f0a7c11", "header": "aA==",
            "body": BASE64.encode(&vec![7; 3 * MIB]), "dataEncryptionKey": "aA==",
        });
        person.http.post("/v1/artifacts", &artifact).await.expect(200);
        let mut wire = Wire::connect(site.client.base(), &json!({ "token": person.token })).await.unwrap();
        for n in 0..12 {
            wire.send(format!("42{n}{}", json!(["artifact-read", { "artifactId": artifact["id"] }]))).await;
        }
        wire.send(format!("42{}", json!(["machine-alive", { "machineId": "x", "time": 1 }]))).await;
        sleep(Duration::from_millis(500)).await;
        for _ in 0..12 {
            let answer = next(&mut wire).await;
            assert_eq!(answer[0]["artifact"]["body"], artifact["body"]);
        }
    })
    .await;
}
