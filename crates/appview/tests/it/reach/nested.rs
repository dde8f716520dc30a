//! Scripts that call scripts that call scripts.

use futures::future::join_all;
use serde_json::json;

use super::{ASK, asked, script};
use crate::harness::{GET_STATUSES, has_status, on_each_server};

const NEST: &str = "com.example.nest";

/// Calls itself so many times.
fn nest() -> String {
    format!(
        "function handle()
           local n = params.n or 0
           if n == 0 then return 0 end
           local inner = xrpc.query('{NEST}', {{ n = n - 1 }})
           if inner.status ~= 200 then error(json.decode(inner.body).message, 0) end
           return 1 + json.decode(inner.body)
         end"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn are_eight_deep_at_most() {
    on_each_server(|server| async move {
        script(&server, &format!("xrpc.query:{NEST}"), &nest()).await;
        assert_eq!(server.client.get(&format!("/xrpc/{NEST}?n=8")).await.expect(200), 8);
        for n in [9, 1_000_000] {
            let answer = server.client.get(&format!("/xrpc/{NEST}?n={n}")).await;
            has_status(&answer, 500);
            assert!(answer.text.contains("too deeply: at most 8 calls inside each other"), "{answer:?}");
        }
    })
    .await;
}

/// More of them than there are threads for scripts, all of which wait for one another's like.
#[tokio::test(flavor = "multi_thread")]
async fn never_wait_for_each_other_in_a_circle() {
    on_each_server(|server| async move {
        script(&server, &format!("xrpc.query:{NEST}"), &nest()).await;
        let path = format!("/xrpc/{NEST}?n=8");
        for answer in join_all((0..48).map(|_| server.client.get(&path))).await {
            assert_eq!(answer.expect(200), 8);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn make_a_thousand_calls_in_all() {
    on_each_server(|server| async move {
        server.add_status_lexicons().await;
        let many = format!(
            "local done, message = 0, nil
             for _ = 1, 9999 do
               local ok, answer = pcall(xrpc.query, '{GET_STATUSES}', {{ limit = 1 }})
               if ok then done = done + 1 else message = answer end
             end
             return {{ done = done, message = message }}"
        );
        let answer = asked(&server, &many).await;
        assert_eq!(answer["done"], 1000, "{answer}");
        assert!(answer["message"].as_str().unwrap().contains("more than 1000 calls"), "{answer}");
        // However they branch out.
        let branching = format!("for _ = 1, 4 do pcall(xrpc.query, '{ASK}') end return 'over'");
        assert_eq!(asked(&server, &branching).await, json!("over"));
    })
    .await;
}
