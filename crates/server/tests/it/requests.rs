//! What happens to a request that goes well.

use std::{convert::Infallible, io::Read};

use axum::{body::Body, extract::State, response::IntoResponse};
use futures::{StreamExt, stream};
use http::header::CONTENT_TYPE;
use metrics_exporter_prometheus::PrometheusBuilder;
use serde_json::{Value, json};
use server::{Access, Json, Mount, Path, RequestId, Route, standard_errors};
use tokio::sync::watch;

use crate::support::{Server, app};

async fn name(State(app): State<&'static str>, Path(rest): Path<String>) -> String {
    format!("{app}:{rest}")
}

async fn request_id(id: RequestId) -> String {
    id.as_str().to_owned()
}

async fn large() -> Json<Value> {
    Json(json!({ "text": "belvedere ".repeat(1000) }))
}

async fn large_bytes() -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/octet-stream")], vec![0; 10_000])
}

fn mount(prefix: &'static str, routes: Vec<Route>) -> Mount {
    Mount { routes, ..Mount::new(prefix, standard_errors) }
}

async fn start() -> Server {
    let catch_all = |prefix: &'static str, path: &'static str, name_: &'static str| {
        Mount::new(prefix, standard_errors).routes(&name_, [Route::get(path, Access::Public, "", name)])
    };
    let one = app(
        "one",
        vec![
            catch_all("/v1", "/v1/{*rest}", "v1"),
            catch_all("/", "/{*rest}", "web"),
            mount("/id", vec![Route::get("/id", Access::Public, "", request_id)]),
        ],
    );
    let two = app(
        "two",
        vec![
            catch_all("/v1/search", "/v1/search/{*rest}", "search"),
            mount(
                "/large",
                vec![
                    Route::get("/large/json", Access::Public, "", large),
                    Route::get("/large/bytes", Access::Public, "", large_bytes),
                    Route::get("/large/small", Access::Public, "", async || Json(json!({ "a": 1 }))),
                ],
            ),
            Mount { compression: false, ..Mount::new("/plain", standard_errors) }
                .routes(&(), [Route::get("/plain/json", Access::Public, "", large)]),
        ],
    );
    Server::start(vec![one, two]).await
}

#[tokio::test]
async fn the_longest_prefix_wins_and_paths_are_taken_as_they_come() {
    let server = start().await;
    for (path, body) in [
        ("/v1/a", "v1:a"),
        ("/v1/search/a", "search:a"),
        ("/v1/searching", "v1:searching"),
        ("/v1//search/a", "v1:/search/a"),
        ("/v1/../x", "v1:../x"),
        ("/v1/a/", "v1:a/"),
        ("//v1/a", "web:/v1/a"),
        ("/V1/a", "web:V1/a"),
        ("/%76%31/a", "web:v1/a"),
        ("/v1%2Fa", "web:v1/a"),
        ("/v1/a%2Fb%3Ac", "v1:a/b:c"),
    ] {
        let reply = server.get(path).await;
        assert_eq!((reply.status, reply.text()), (200, body), "{path}");
    }
}

#[tokio::test]
async fn a_request_id_is_accepted_or_made_and_returned() {
    let server = start().await;
    let reply = server.send("GET /id HTTP/1.1\r\nx-request-id: from-the-proxy.1").await;
    assert_eq!((reply.text(), reply.header("x-request-id")), ("from-the-proxy.1", Some("from-the-proxy.1")));
    let reply = server.send("GET /id HTTP/1.1\r\nx-request-id: two words").await;
    assert_eq!(reply.text().len(), 32);
    assert_eq!(reply.header("x-request-id"), Some(reply.text()));
    assert_ne!(server.get("/id").await.text(), server.get("/id").await.text());
}

#[tokio::test]
async fn head_has_the_headers_of_get_and_no_body() {
    let server = start().await;
    let mut client = server.connect().await;
    client.write(b"HEAD /large/json HTTP/1.1\r\nhost: t\r\n\r\nGET /v1/a HTTP/1.1\r\nhost: t\r\n\r\n").await;
    let head = client.reply(true).await;
    assert_eq!(head.status, 200);
    assert_eq!(head.header("content-length"), Some("10011"));
    assert_eq!(head.header("content-type"), Some("application/json"));
    assert_eq!(client.reply(false).await.text(), "v1:a", "the next answer follows at once");
}

#[tokio::test]
async fn large_json_is_compressed_for_those_who_ask() {
    let server = start().await;
    let reply = server.send("GET /large/json HTTP/1.1\r\naccept-encoding: gzip").await;
    assert_eq!(reply.header("content-encoding"), Some("gzip"));
    assert_eq!(reply.header("vary"), Some("accept-encoding"));
    assert!(reply.body.len() < 1000, "{}", reply.body.len());
    let mut text = String::new();
    flate2::read::GzDecoder::new(&reply.body[..]).read_to_string(&mut text).unwrap();
    assert_eq!(text, server.get("/large/json").await.text());
    for encoding in ["br", "zstd", "gzip;q=0.5, br;q=0.9"] {
        let reply = server.send(&format!("GET /large/json HTTP/1.1\r\naccept-encoding: {encoding}")).await;
        assert!(reply.header("content-encoding").is_some_and(|used| encoding.contains(used)));
    }
}

#[tokio::test]
async fn the_rest_is_not_compressed() {
    let server = start().await;
    for (path, encoding) in [
        ("/large/json", "identity"),
        ("/large/json", "gzip;q=0"),
        ("/large/json", "unheard-of"),
        ("/large/small", "gzip"),
        ("/large/bytes", "gzip"),
        ("/plain/json", "gzip"),
    ] {
        let reply = server.send(&format!("GET {path} HTTP/1.1\r\naccept-encoding: {encoding}")).await;
        assert_eq!((reply.status, reply.header("content-encoding")), (200, None), "{path} {encoding}");
    }
}

#[tokio::test]
async fn a_stream_arrives_piece_by_piece() {
    let (tick, ticks) = watch::channel(0);
    let events = async move |State(ticks): State<watch::Receiver<u32>>| {
        let body = stream::unfold(ticks, async |mut ticks| {
            ticks.changed().await.ok()?;
            let event = format!("data: {}\n\n", *ticks.borrow_and_update());
            Some((event, ticks))
        });
        let body = Body::from_stream(body.map(Ok::<_, Infallible>));
        ([(CONTENT_TYPE, "text/event-stream")], body)
    };
    let limit = std::time::Duration::from_millis(50);
    let route = Route::get("/events", Access::Public, "", events).time_limit(limit);
    let mount = Mount::new("/events", standard_errors).routes(&ticks, [route]);
    let server = Server::start(vec![app("t", vec![mount])]).await;
    let mut client = server.connect().await;
    client.write(b"GET /events HTTP/1.1\r\nhost: t\r\naccept-encoding: gzip\r\n\r\n").await;
    assert_eq!(client.head().await.0, 200);
    // The time limit is on the head of the response; the stream goes on beyond it.
    tokio::time::sleep(limit * 2).await;
    for n in 1..=3 {
        tick.send(n).unwrap();
        assert_eq!(client.chunk().await.unwrap(), format!("data: {n}\n\n").into_bytes());
    }
    drop(tick);
    assert_eq!(client.chunk().await, None);
}

#[tokio::test]
async fn requests_are_counted_by_route_template_and_status_class() {
    let recorder = PrometheusBuilder::new().install_recorder().unwrap();
    let server = start().await;
    for path in ["/v1/a", "/v1/b", "/v1", "/elsewhere/c"] {
        server.get(path).await;
    }
    let text = recorder.render();
    for line in [
        r#"http_requests_total{app="one",method="GET",route="/v1/{*rest}",status="2xx"} 2"#,
        r#"http_requests_total{app="one",method="*",route="/v1",status="4xx"} 1"#,
        r#"http_requests_total{app="one",method="GET",route="/{*rest}",status="2xx"} 1"#,
        r#"http_request_duration_seconds_count{app="one",method="GET",route="/v1/{*rest}"} 2"#,
    ] {
        assert!(text.contains(line), "{line} is missing from\n{text}");
    }
    assert!(!text.contains("/v1/a"), "paths as requested are not labels");
}
