//! What GitHub reports.

use aws_lc_rs::hmac::{HMAC_SHA256, Key, sign};
use data_encoding::HEXLOWER;
use reqwest::Method;
use serde_json::{Value, json};

use super::{Scene, on_each};
use crate::site::on_each_site;

pub(super) const SECRET: &str = "what GitHub signs with";

const PATH: &str = "/v1/connect/github/webhook";

fn signature(body: &[u8], secret: &str) -> String {
    format!("sha256={}", HEXLOWER.encode(sign(&Key::new(HMAC_SHA256, secret.as_bytes()), body).as_ref()))
}

/// The status and what it says.
async fn report(scene: &Scene, headers: &[(&str, &str)], body: Vec<u8>) -> (u16, Value) {
    let client = &scene.site.client;
    let request = client.request(Method::POST, PATH).body(body);
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    let answer = client.send(request).await;
    (answer.status, answer.json())
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_it_has_signed_is_taken() {
    on_each(|scene| async move {
        let body = br#"{"action":"opened"}"#.to_vec();
        let good = signature(&body, SECRET);
        let event = ("x-github-event", "issues");
        let signed = ("x-hub-signature-256", good.as_str());
        let taken = (200, json!({ "received": true }));
        let delivery = ("x-github-delivery", "72d3162e-cc78-11e3-81ab-4c9367dc0958");
        assert_eq!(report(&scene, &[event, signed, delivery], body.clone()).await, taken);
        assert_eq!(report(&scene, &[event, signed], body.clone()).await, taken);
        let strange = ("x-github-event", "x".repeat(5000));
        assert_eq!(report(&scene, &[(strange.0, &strange.1), signed], body.clone()).await, taken);
        for headers in [&[event][..], &[signed], &[]] {
            let (status, said) = report(&scene, headers, body.clone()).await;
            assert_eq!((status, &said["error"]), (400, &json!("Error")), "{said}");
        }
        let refused = (500, json!({ "error": "Internal server error" }));
        let other = signature(&body, "another secret");
        let sha1 = good.replace("sha256=", "sha1=");
        for wrong in ["", "sha256=", "sha256=00", &other, &sha1, &good[..good.len() - 2], "é"] {
            let headers = [event, ("x-hub-signature-256", wrong)];
            assert_eq!(report(&scene, &headers, body.clone()).await, refused, "{wrong}");
        }
        let mut changed = body.clone();
        changed[2] ^= 1;
        assert_eq!(report(&scene, &[event, signed], changed).await, refused);
        assert_eq!(report(&scene, &[event, signed], Vec::new()).await, refused);
        let long = vec![b' '; 3 * 1024 * 1024];
        let headers = [event, ("x-hub-signature-256", &signature(&long, SECRET))];
        assert_eq!(report(&scene, &headers, long).await.0, 413);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_secret_none_is() {
    on_each_site(|site| async move {
        let signed = signature(b"{}", "");
        let request = site.client.request(Method::POST, PATH).header("x-github-event", "ping").body("{}");
        let answer = site.client.send(request.header("x-hub-signature-256", signed)).await;
        assert_eq!(answer.expect(500), json!({ "error": "Webhooks not configured" }));
    })
    .await;
}
