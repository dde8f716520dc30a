//! Calls from socket to socket.

use futures::future::join_all;
use serde_json::{Value, json};

use crate::site::on_each_site;

#[tokio::test(flavor = "multi_thread")]
async fn find_whoever_answers() {
    on_each_site(|site| async move {
        let (ann, bob) = (site.person().await, site.person().await);
        let (asking, mut callee) = (ann.socket().await, ann.socket().await);
        callee.answers("m:echo", |request| json!([request["method"], request["params"]])).await;
        let answer = asking.ask("rpc-call", &json!({ "method": "m:echo", "params": "p" })).await;
        assert_eq!(answer, json!({ "ok": true, "result": ["m:echo", "p"] }));
        let own = callee.ask("rpc-call", &json!({ "method": "m:echo", "params": "p" })).await;
        assert_eq!(own, json!({ "ok": false, "error": "Cannot call RPC on the same socket" }));
        let missing = asking.ask("rpc-call", &json!({ "params": "p" })).await;
        assert_eq!(missing, json!({ "ok": false, "error": "Invalid parameters: method is required" }));
        callee.emit("rpc-register", &json!({}));
        let refused = callee.until("rpc-error", |_| true).await;
        assert_eq!(refused, json!({ "type": "register", "error": "Invalid method name" }));
        // The newest that answers is asked.
        let mut newer = ann.socket().await;
        newer.answers("m:echo", |_| json!("newer")).await;
        let answer = asking.ask("rpc-call", &json!({ "method": "m:echo" })).await;
        assert_eq!(answer, json!({ "ok": true, "result": "newer" }));
        // One who answers later is waited for; somebody else's method is nobody's.
        let stranger = bob.socket().await;
        let call = json!({ "method": "m:late", "params": "p" });
        let (answer, ()) = tokio::join!(asking.ask("rpc-call", &call), async {
            let mut late = ann.socket().await;
            late.answers("m:late", |_| json!("late")).await;
            // Stays until it has answered.
            late.until("rpc-request", |_| true).await;
        });
        assert_eq!(answer, json!({ "ok": true, "result": "late" }));
        drop(stranger);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn end_when_whoever_was_asked_leaves() {
    on_each_site(|site| async move {
        let person = site.person().await;
        let (asking, mut callee) = (person.socket().await, person.socket().await);
        // Registers, and never answers.
        callee.emit("rpc-register", &json!({ "method": "m:mute" }));
        callee.until("rpc-registered", |_| true).await;
        let call = json!({ "method": "m:mute" });
        let (answer, ()) = tokio::join!(asking.ask("rpc-call", &call), async {
            callee.until("rpc-request", |_| true).await;
            drop(callee);
        });
        assert_eq!(answer, json!({ "ok": false, "error": "RPC target disconnected" }));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_waits_for_a_bounded_number_of_them() {
    on_each_site(|site| async move {
        let person = site.person().await;
        let (mut agent, caller) = (person.socket().await, person.socket().await);
        let call = json!({ "method": "s:later", "params": "x" });
        let waiting = async { join_all((0..64).map(|_| caller.ask("rpc-call", &call))).await };
        let more = async {
            caller.ask("ping", &Value::Null).await;
            let refused = caller.ask("rpc-call", &call).await;
            assert_eq!(refused, json!({ "ok": false, "error": "Too many RPC calls under way" }));
            agent.answers("s:later", |request| request["params"].clone()).await;
        };
        let (answers, ()) = futures::future::join(waiting, more).await;
        assert!(answers.iter().all(|answer| *answer == json!({ "ok": true, "result": "x" })), "{answers:?}");
        assert_eq!(caller.ask("rpc-call", &call).await["ok"], true, "what is over makes room");
        let large = json!({ "method": "s:never", "params": "x".repeat(900_000) });
        let other = person.socket().await;
        let calls = (0..40).map(|n| if n % 2 == 0 { &caller } else { &other });
        let calls = join_all(calls.map(|socket| socket.ask("rpc-call", &large)));
        let refused = calls.await.into_iter().filter(|it| it["error"] == "Too many RPC calls under way");
        assert_eq!(refused.count(), 22, "of 36 MB on two sockets 16 MiB wait");
    })
    .await;
}
