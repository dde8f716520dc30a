//! Error bodies: each mount's shape for each way to fail.

use std::{collections::HashMap, fmt::Write, time::Duration};

use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use server::{
    Access, Credential, Json, Mount, Path, Problem, Query, RequestId, Route, ShellConfig, standard_errors,
};

use crate::support::{READ, Reply, Server, app};

/// A second shape, as the registry will have one.
fn codes(problem: &Problem, id: &RequestId) -> Response {
    let body = json!({ "errors": [{ "code": problem.status.as_u16(), "detail": id.as_str() }] });
    (problem.status, axum::Json(body)).into_response()
}

async fn slow() {
    tokio::time::sleep(Duration::from_mins(1)).await;
}

async fn panics() {
    panic!("secret detail");
}

async fn fails() -> Result<(), Problem> {
    Err(Problem::internal(std::io::Error::other("secret detail")))
}

async fn read(Json(body): Json<Value>) -> Json<Value> {
    Json(body)
}

async fn typed(Path(_): Path<u8>, Query(_): Query<HashMap<String, u8>>) {}

async fn start(errors: server::ErrorStyle) -> Server {
    let routes = [
        Route::get("/t/slow", Access::Public, "", slow).time_limit(Duration::from_millis(20)),
        Route::get("/t/panics", Access::Public, "", panics),
        Route::get("/t/fails", Access::Public, "", fails),
        Route::get("/t/read-only", READ, "", async || ()),
        Route::post("/t/read", Access::Public, "", read),
        Route::post("/t/read-more", Access::Public, "", read).body_limit(3_000_000),
        Route::get("/t/typed/{n}", Access::Public, "", typed),
    ];
    let mount = Mount { body_limit: 100, credentials: &[Credential::ApiKey], ..Mount::new("/t", errors) };
    let config = ShellConfig { max_uri_bytes: 200, ..ShellConfig::default() };
    Server::start_with(config, Vec::new(), vec![app("t", vec![mount.routes(&(), routes)])]).await
}

/// Each request that fails, with the status and message of its failure.
async fn failures(server: &Server) -> Vec<(Reply, u16, &'static str)> {
    let long = format!("/t/{}", "a".repeat(200));
    let reader = "authorization: Bearer nobody";
    vec![
        (server.get("/t/missing").await, 404, "Not found"),
        (server.get("/t").await, 404, "Not found"),
        (server.send("PUT /t/read HTTP/1.1").await, 405, "Method not allowed"),
        (server.send_body("POST /t/read HTTP/1.1", &[b'1'; 101]).await, 413, "Request body too large"),
        (server.get(&long).await, 414, "Request URI too long"),
        (server.get("/t/typed/1?n=%00").await, 400, "the query has a character (U+0000) that no text has"),
        (server.get("/t/slow").await, 408, "Request timed out"),
        (server.get("/t/panics").await, 500, "Internal server error"),
        (server.get("/t/fails").await, 500, "Internal server error"),
        (server.get("/t/read-only").await, 401, "Authentication required"),
        (server.send(&format!("GET /t/read-only HTTP/1.1\r\n{reader}")).await, 401, "Unknown key"),
    ]
}

#[tokio::test]
async fn the_standard_shape_is_an_error_and_for_our_faults_a_correlation_id() {
    let server = start(standard_errors).await;
    for (reply, status, message) in failures(&server).await {
        assert_eq!(reply.status, status);
        assert_eq!(reply.header("content-type"), Some("application/json"));
        let mut expected = json!({ "error": message });
        if status >= 500 {
            let id = reply.header("x-request-id").unwrap();
            expected["correlationId"] = id[16..].into();
        }
        assert_eq!(reply.json(), expected);
    }
}

#[tokio::test]
async fn another_mount_has_another_shape_for_all_of_them() {
    let server = start(codes).await;
    for (reply, status, _) in failures(&server).await {
        assert_eq!(reply.status, status);
        let id = reply.header("x-request-id").unwrap();
        assert_eq!(reply.json(), json!({ "errors": [{ "code": status, "detail": id }] }));
    }
}

#[tokio::test]
async fn a_wrong_method_is_told_the_right_ones() {
    let server = start(standard_errors).await;
    assert_eq!(server.send("PUT /t/read HTTP/1.1").await.header("allow"), Some("POST"));
    assert_eq!(server.send("PUT /t/slow HTTP/1.1").await.header("allow"), Some("GET,HEAD"));
}

#[tokio::test]
async fn a_panic_ends_one_request_and_not_the_server() {
    let server = start(standard_errors).await;
    for _ in 0..3 {
        let reply = server.get("/t/panics").await;
        assert_eq!(reply.status, 500);
        assert!(!reply.text().contains("secret"));
    }
    assert_eq!(server.get("/health").await.status, 200);
}

#[tokio::test]
async fn paths_that_nobody_mounted_have_the_standard_shape() {
    let server = start(codes).await;
    for path in ["/", "/elsewhere", "/tt", "//t/slow", "/%74/slow"] {
        let reply = server.get(path).await;
        assert_eq!((reply.status, reply.json()), (404, json!({ "error": "Not found" })), "{path}");
    }
}

#[tokio::test]
async fn extractors_fail_in_the_shape_of_the_mount() {
    let server = start(standard_errors).await;
    let json = "content-type: application/json";
    let cases = [
        (server.send_body(&format!("POST /t/read HTTP/1.1\r\n{json}"), b"{").await, 400),
        (server.send_body("POST /t/read HTTP/1.1", b"{}").await, 415),
        (server.get("/t/typed/300?a=1").await, 400),
        (server.get("/t/typed/%ff?a=1").await, 400),
        (server.get("/t/typed/3?a=x").await, 400),
    ];
    for (reply, status) in cases {
        assert_eq!(reply.status, status, "{}", reply.text());
        assert!(reply.json()["error"].is_string());
    }
    assert_eq!(server.get("/t/typed/3?a=1").await.status, 200);
}

#[tokio::test]
async fn deeply_nested_json_is_refused() {
    let server = start(standard_errors).await;
    let body = "[".repeat(1_000_000);
    let head = "POST /t/read-more HTTP/1.1\r\ncontent-type: application/json";
    let reply = server.send_body(head, body.as_bytes()).await;
    assert_eq!(reply.status, 400);
}

#[tokio::test]
async fn a_route_may_take_larger_bodies_than_its_mount() {
    let server = start(standard_errors).await;
    let body = format!("\"{}\"", "a".repeat(2_500_000));
    let head = "POST /t/read-more HTTP/1.1\r\ncontent-type: application/json";
    let reply = server.send_body(head, body.as_bytes()).await;
    assert_eq!((reply.status, reply.body.len()), (200, body.len()));
}

#[tokio::test]
async fn a_body_of_unknown_length_is_cut_off_at_the_limit() {
    let server = start(standard_errors).await;
    let head =
        "POST /t/read HTTP/1.1\r\nhost: t\r\ncontent-type: application/json\r\ntransfer-encoding: chunked";
    for (size, status) in [(98, 200), (99, 413)] {
        let mut client = server.connect().await;
        let mut request = format!("{head}\r\n\r\n");
        for byte in format!("\"{}\"", "a".repeat(size)).chars() {
            write!(request, "1\r\n{byte}\r\n").unwrap();
        }
        request.push_str("0\r\n\r\n");
        client.write(request.as_bytes()).await;
        let reply = client.reply(false).await;
        assert_eq!(reply.status, status, "{size}: {}", reply.text());
        if status == 413 {
            assert!(reply.json()["error"].is_string());
        }
    }
}

#[tokio::test]
async fn a_refused_upload_still_learns_why() {
    let server = start(standard_errors).await;
    for (head, status) in [
        ("POST /t/read HTTP/1.1", 413),
        ("POST /t/read-only HTTP/1.1", 405),
        ("POST /t/missing HTTP/1.1", 404),
        ("POST /elsewhere HTTP/1.1", 404),
    ] {
        let mut client = server.connect().await;
        client.write(format!("{head}\r\nhost: t\r\ncontent-length: 500000\r\n\r\n").as_bytes()).await;
        for _ in 0..10 {
            // The answer is on its way by now, and a client like most reads it when it has sent everything.
            tokio::time::sleep(Duration::from_millis(10)).await;
            client.write(&vec![b'1'; 50_000]).await;
        }
        assert_eq!(client.reply(false).await.status, status, "{head}");
    }
}

#[tokio::test]
async fn whoever_will_be_cut_off_is_told() {
    let server = start(standard_errors).await;
    for (length, connection) in [(500_000, None), (2_000_000, Some("close"))] {
        let mut client = server.connect().await;
        client
            .write(format!("POST /t/read HTTP/1.1\r\nhost: t\r\ncontent-length: {length}\r\n\r\n").as_bytes())
            .await;
        let reply = client.reply(false).await;
        assert_eq!((reply.status, reply.header("connection")), (413, connection), "{length}");
    }
}

#[tokio::test]
async fn an_upload_that_waits_for_leave_gets_the_refusal_at_once() {
    let server = start(standard_errors).await;
    let mut client = server.connect().await;
    client
        .write(b"POST /t/read HTTP/1.1\r\nhost: t\r\nexpect: 100-continue\r\ncontent-length: 500\r\n\r\n")
        .await;
    assert_eq!(client.reply(false).await.status, 413);
}
