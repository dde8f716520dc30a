//! Which calls below `/xrpc` are let through to a method.

use appview::NewLexicon;
use http::Method;
use serde_json::json;

use crate::harness::{GET_STATUSES, STATUS, has_status, on_each_server, procedure_lexicon};

#[tokio::test(flavor = "multi_thread")]
async fn a_method_answers_to_its_own_verb() {
    on_each_server(|server| async move {
        server.add_status_lexicons().await;
        server.add(NewLexicon::new(procedure_lexicon("com.example.setStatus").to_string())).await;
        let (get, post) = (Method::GET, Method::POST);
        for (method, nsid, message) in [
            (&get, STATUS, "com.example.status is not a query endpoint"),
            (&get, "com.example.setStatus", "com.example.setStatus is not a query endpoint"),
            (&post, STATUS, "com.example.status is not a procedure endpoint"),
            (&post, GET_STATUSES, "com.example.getStatuses is not a procedure endpoint"),
        ] {
            let answer =
                server.client.send(server.client.request(method.clone(), &format!("/xrpc/{nsid}"))).await;
            assert_eq!(answer.expect(400), json!({ "error": message }));
        }
        let answer = server.client.delete(&format!("/xrpc/{GET_STATUSES}")).await;
        assert_eq!(answer.expect(405), json!({"error": "Method not allowed"}));
        assert_eq!(answer.header("allow"), "GET,HEAD,POST");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_method_says_so() {
    on_each_server(|server| async move {
        for path in ["/xrpc/unknown", "/xrpc/com.example", "/xrpc/com.example.1", "/xrpc/com.example.a%00"] {
            let error = server.client.get(path).await.expect(400);
            assert!(error["error"].as_str().unwrap().contains("is not a valid NSID"), "{path}: {error}");
            has_status(&server.client.post(path, &json!({})).await, 400);
        }
        for path in ["/xrpc", "/xrpc/", "/xrpc/com.example.unknown/x"] {
            assert_eq!(server.client.get(path).await.expect(404), json!({"error": "Not found"}), "{path}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_authority_of_a_method_has_no_case() {
    on_each_server(|server| async move {
        server.add_status_lexicons().await;
        has_status(&server.client.get("/xrpc/COM.Example.getStatuses").await, 200);
        has_status(&server.client.get("/xrpc/com%2Eexample%2EgetStatuses").await, 200);
        has_status(&server.client.get("/xrpc/com.example.getstatuses").await, 502);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn credentials_are_never_ignored() {
    on_each_server(|server| async move {
        server.add_status_lexicons().await;
        has_status(&server.admin.get(&format!("/xrpc/{GET_STATUSES}")).await, 401);
        has_status(&server.client.with_bearer("nonsense").get(&format!("/xrpc/{GET_STATUSES}")).await, 401);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_any_origin_may_read() {
    on_each_server(|server| async move {
        server.add_status_lexicons().await;
        let page = server.client.with_header("origin", "https://app.example");
        let answer = page.get(&format!("/xrpc/{GET_STATUSES}")).await;
        assert_eq!(answer.header("access-control-allow-origin"), "https://app.example");
        assert_eq!(answer.header("access-control-allow-credentials"), "");
        let head = server.client.request(Method::HEAD, &format!("/xrpc/{GET_STATUSES}"));
        let head = server.client.send(head).await;
        assert_eq!((head.status, &*head.text), (200, ""));
    })
    .await;
}
