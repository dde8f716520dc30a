//! Routes that an app adds to another's mount.

use axum::extract::State;
use metrics_exporter_prometheus::PrometheusBuilder;
use serde_json::json;
use server::{Access, App, Cors, Credential, Extension, Json, Mount, Route};

use crate::support::{READ, Server, app};

fn codes(problem: &server::Problem, _: &server::RequestId) -> axum::response::Response {
    let mut response = axum::response::Response::new(axum::body::Body::from("ours"));
    *response.status_mut() = problem.status;
    response
}

async fn start() -> Server {
    let mount = Mount {
        credentials: &[Credential::ApiKey],
        cors: Some(Cors::xrpc()),
        body_limit: 10,
        ..Mount::new("/x", codes)
    };
    let owned = [
        Route::get("/x/{thing}", Access::Public, "", async || "owner"),
        Route::get("/x/shared", Access::Public, "", async || "owner"),
    ];
    let added = [
        Route::get("/x/added", READ, "", async |State(state): State<&'static str>| state),
        Route::post("/x/shared", Access::Public, "", async |Json(body): Json<serde_json::Value>| Json(body)),
    ];
    let extension = Extension::new("/x").routes(&"guest", added);
    let guest = App { extensions: vec![extension], ..App::new("guest") };
    Server::start(vec![guest, app("owner", vec![mount.routes(&(), owned)])]).await
}

#[tokio::test]
async fn both_apps_answer_below_one_prefix() {
    let server = start().await;
    assert_eq!(server.get("/x/anything").await.text(), "owner");
    assert_eq!(server.get("/x/shared").await.text(), "owner");
    let reply = server.send("GET /x/added HTTP/1.1\r\nauthorization: Bearer reader").await;
    assert_eq!((reply.status, reply.text()), (200, "guest"));
    assert_eq!(server.send("PUT /x/shared HTTP/1.1").await.header("allow"), Some("GET,HEAD,POST"));
}

#[tokio::test]
async fn the_rules_are_those_of_the_owner() {
    let server = start().await;
    let reply = server.get("/x/added").await;
    assert_eq!((reply.status, reply.text()), (401, "ours"), "its error shape");
    let reply = server.send("GET /x/added HTTP/1.1\r\nauthorization: Bearer reader\r\norigin: null").await;
    assert_eq!(reply.header("access-control-allow-origin"), Some("null"), "its cross-origin rules");
    let reply = server.send_exactly("GET /x/added HTTP/1.1\r\nhost: evil.test").await;
    assert_eq!((reply.status, reply.text()), (421, "ours"), "its hosts");
    let head = "POST /x/shared HTTP/1.1\r\ncontent-type: application/json";
    let reply = server.send_body(head, b"[1, 2, 3]").await;
    assert_eq!((reply.status, reply.json()), (200, json!([1, 2, 3])));
    let reply = server.send_body(head, b"[1, 2, 3, 4]").await;
    assert_eq!((reply.status, reply.text()), (413, "ours"), "its body limit");
}

#[tokio::test]
async fn metrics_name_the_app_that_answers() {
    let recorder = PrometheusBuilder::new().install_recorder().unwrap();
    let server = start().await;
    server.get("/x/added").await;
    server.get("/x/shared").await;
    let text = recorder.render();
    for line in [
        r#"http_requests_total{app="guest",method="GET",route="/x/added",status="4xx"} 1"#,
        r#"http_requests_total{app="owner",method="GET",route="/x/shared",status="2xx"} 1"#,
    ] {
        assert!(text.contains(line), "{line} is missing from\n{text}");
    }
}
