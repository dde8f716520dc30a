//! Under which host names a mount answers (spec/appview.md §3.1).

use serde_json::json;
use server::{Access, Cors, Hosts, Mount, Route, Target, standard_errors};

use crate::support::{READ, Server, app};

async fn host(target: Target) -> String {
    target.host().unwrap_or("none").to_owned()
}

async fn start() -> Server {
    let registered = Mount { cors: Some(Cors::xrpc()), ..Mount::new("/r", standard_errors) };
    let any = Mount { hosts: Hosts::Any, ..Mount::new("/any", standard_errors) };
    let routes = [
        Route::get("/r/x", Access::Public, "", host),
        Route::post("/r/x", Access::Public, "", host),
        Route::get("/r/secret", READ, "", host),
    ];
    let other = [Route::get("/any/x", Access::Public, "", host)];
    Server::start(vec![app("t", vec![registered.routes(&(), routes), any.routes(&(), other)])]).await
}

/// What `/r/x` says to a request with these headers: the host it was matched to, or 421.
async fn answer(server: &Server, headers: &[&str]) -> Result<String, u16> {
    let head = ["GET /r/x HTTP/1.1"].iter().chain(headers).copied().collect::<Vec<_>>().join("\r\n");
    let reply = server.send_exactly(&head).await;
    if reply.status == 200 { Ok(reply.text().to_owned()) } else { Err(reply.status) }
}

#[tokio::test]
async fn registered_hosts_are_answered_whatever_port_and_case() {
    let server = start().await;
    for (host, name) in [
        ("app.test", "app.test"),
        ("APP.Test", "app.test"),
        ("app.test:8443", "app.test"),
        ("app.test.", "app.test"),
        ("two.test", "two.test"),
        ("[::1]:3000", "[::1]"),
    ] {
        assert_eq!(answer(&server, &[&format!("host: {host}")]).await.as_deref(), Ok(name), "{host}");
    }
}

#[tokio::test]
async fn unknown_hosts_are_not() {
    let server = start().await;
    for headers in [
        &["host: evil.test"][..],
        &["host: xapp.test"],
        &["host: app.test.evil.test"],
        &["host: app.test@evil.test"],
        &["host: app.test:80@evil.test"],
        &["host: app.test, evil.test"],
        &["host: 127.0.0.1"],
        &["host: ::1"],
        &["host:"],
        &["host: app.test", "host: app.test"],
        &[],
    ] {
        assert_eq!(answer(&server, headers).await, Err(421), "{headers:?}");
    }
    let reply = server.send_exactly("GET /r/x HTTP/1.1\r\nhost: evil.test").await;
    assert_eq!(reply.json(), json!({ "error": "Unknown host" }));
}

#[tokio::test]
async fn a_forwarded_host_goes_first_and_can_only_be_one_of_ours() {
    let server = start().await;
    for (headers, expected) in [
        (&["host: internal", "x-forwarded-host: app.test"][..], Ok("app.test")),
        (&["host: app.test", "x-forwarded-host: TWO.test:443"], Ok("two.test")),
        (&["host: internal", "x-forwarded-host: app.test, internal"], Ok("app.test")),
        (&["host: internal", "x-forwarded-host: app.test", "x-forwarded-host: internal"], Ok("app.test")),
        (&["host: app.test", "x-forwarded-host: evil.test"], Err(421)),
        (&["host: app.test", "x-forwarded-host: evil.test, app.test"], Err(421)),
        (&["host: app.test", "x-forwarded-host:"], Err(421)),
    ] {
        assert_eq!(answer(&server, headers).await.as_deref(), expected.as_deref(), "{headers:?}");
    }
}

/// HTTP/1.1 writes the authority into the request line where HTTP/2 has `:authority`.
#[tokio::test]
async fn an_authority_goes_before_the_host_header() {
    let server = start().await;
    for (request, status) in [
        ("GET http://app.test/r/x HTTP/1.1\r\nhost: evil.test", 200),
        ("GET http://APP.test:81/r/x HTTP/1.1\r\nhost: app.test", 200),
        ("GET http://evil.test/r/x HTTP/1.1\r\nhost: app.test", 421),
        ("GET http://app.test@evil.test/r/x HTTP/1.1\r\nhost: app.test", 421),
    ] {
        assert_eq!(server.send_exactly(request).await.status, status, "{request}");
    }
}

#[tokio::test]
async fn the_host_is_checked_before_everything_else() {
    let server = start().await;
    let preflight = "origin: https://app.test\r\naccess-control-request-method: POST";
    for request in [
        "GET /r/secret HTTP/1.1",
        "GET /r/missing HTTP/1.1",
        "PUT /r/x HTTP/1.1",
        &format!("OPTIONS /r/x HTTP/1.1\r\n{preflight}"),
        "POST /r/x HTTP/1.1\r\ncontent-length: 0",
    ] {
        let reply = server.send_exactly(&format!("{request}\r\nhost: evil.test")).await;
        assert_eq!(reply.status, 421, "{request}");
    }
    let reply =
        server.send_exactly("GET /r/x HTTP/1.1\r\nhost: evil.test\r\norigin: https://page.test").await;
    assert_eq!(reply.header("access-control-allow-origin"), Some("https://page.test"), "pages may read it");
}

#[tokio::test]
async fn probes_and_exempt_mounts_answer_anywhere() {
    let server = start().await;
    for path in ["/health", "/ready", "/any/x"] {
        for host in
            ["host: evil.test\r\n", "host:\r\n", "host: app.test\r\nx-forwarded-host: evil.test\r\n", ""]
        {
            let reply = server.send_exactly(&format!("GET {path} HTTP/1.1\r\n{host}accept: */*")).await;
            assert_eq!(reply.status, 200, "{path} {host:?}");
        }
    }
}
