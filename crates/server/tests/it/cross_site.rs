//! A cookie changes something only for our own pages.

use serde_json::json;
use server::{Access, Credential, Mount, Route, standard_errors};

use crate::support::{READ, Reply, Server, WRITE, app};

async fn start() -> Server {
    let routes = [
        Route::get("/t/x", READ, "", async || "done"),
        Route::post("/t/x", WRITE, "", async || "done"),
        Route::put("/t/x", WRITE, "", async || "done"),
        Route::patch("/t/x", WRITE, "", async || "done"),
        Route::delete("/t/x", WRITE, "", async || "done"),
        Route::post("/t/authenticated", Access::Authenticated, "", async || "done"),
        Route::post("/t/delegated", Access::Delegated, "", async || "done"),
        Route::post("/t/public", Access::Public, "", async || "done"),
    ];
    let credentials = &[Credential::ApiKey, Credential::Cookie, Credential::Dpop];
    let mount = Mount { credentials, ..Mount::new("/t", standard_errors) };
    Server::start(vec![app("t", vec![mount.routes(&(), routes)])]).await
}

/// A request with a cookie and these headers.
async fn with_cookie(server: &Server, request: &str, headers: &[&str]) -> Reply {
    let mut head = format!("{request} HTTP/1.1\r\ncookie: session=alice");
    for header in headers {
        head.push_str("\r\n");
        head.push_str(header);
    }
    server.send(&head).await
}

fn assert_refused(reply: &Reply, what: impl std::fmt::Debug) {
    let refused = json!({ "error": "cross-site request refused" });
    assert_eq!((reply.status, reply.json()), (403, refused), "{what:?}");
}

const UNSAFE: [&str; 4] = ["POST /t/x", "PUT /t/x", "PATCH /t/x", "DELETE /t/x"];

#[tokio::test]
async fn our_own_pages_change_something() {
    let server = start().await;
    for headers in [
        &["origin: https://app.test"][..],
        // Another of our sites; then browsers say `cross-site`, and we know better.
        &["origin: https://two.test:8443", "sec-fetch-site: cross-site"],
        &["sec-fetch-site: same-origin"],
        &["sec-fetch-site: none"],
    ] {
        for request in UNSAFE {
            let reply = with_cookie(&server, request, headers).await;
            assert_eq!((reply.status, reply.text()), (200, "done"), "{request} {headers:?}");
        }
    }
}

#[tokio::test]
async fn nobody_else_does() {
    let server = start().await;
    for headers in [
        &[][..],
        &["origin: https://evil.test"],
        &["origin: null"],
        &["origin:"],
        &["origin: http://app.test"],
        &["origin: https://app.test:8443"],
        &["origin: https://two.test"],
        &["origin: https://APP.test"],
        &["origin: https://app.test/"],
        &["origin: https://app.test.evil.test"],
        &["origin: https://app.test", "origin: https://app.test"],
        &["origin: https://app.test, https://app.test"],
        // What `Origin` says counts, whatever else is said.
        &["origin: https://evil.test", "sec-fetch-site: same-origin"],
        &["origin: null", "sec-fetch-site: none"],
        &["sec-fetch-site: same-site"],
        &["sec-fetch-site: cross-site"],
        &["sec-fetch-site: Same-Origin"],
        &["sec-fetch-site:"],
        &["sec-fetch-site: none", "sec-fetch-site: none"],
        // Neither says which page is behind the request.
        &["referer: https://app.test/", "x-forwarded-host: app.test"],
    ] {
        for request in UNSAFE {
            assert_refused(&with_cookie(&server, request, headers).await, (request, headers));
        }
    }
}

#[tokio::test]
async fn reading_takes_no_proof() {
    let server = start().await;
    for headers in [&[][..], &["origin: https://evil.test"], &["sec-fetch-site: cross-site"]] {
        for request in ["GET /t/x", "HEAD /t/x", "OPTIONS /t/x"] {
            let reply = with_cookie(&server, request, headers).await;
            assert!(matches!(reply.status, 200 | 204), "{request} {headers:?}: {}", reply.status);
        }
    }
}

#[tokio::test]
async fn other_credentials_and_none_are_not_sent_by_browsers_unasked() {
    let server = start().await;
    for credential in
        ["authorization: Bearer writer", "authorization: Bearer writer\r\ncookie: session=alice"]
    {
        let head = format!("POST /t/x HTTP/1.1\r\norigin: https://evil.test\r\n{credential}");
        assert_eq!(server.send(&head).await.status, 200, "{credential}");
    }
    let head = "POST /t/authenticated HTTP/1.1\r\nauthorization: DPoP device\r\ndpop: /t/authenticated";
    assert_eq!(server.send(head).await.status, 200);
    assert_eq!(server.send("POST /t/delegated HTTP/1.1\r\norigin: null").await.status, 200);
}

#[tokio::test]
async fn every_access_that_looks_at_cookies_asks_for_proof() {
    let server = start().await;
    for path in ["/t/authenticated", "/t/delegated"] {
        assert_refused(&with_cookie(&server, &format!("POST {path}"), &[]).await, path);
    }
    assert_eq!(with_cookie(&server, "POST /t/public", &[]).await.status, 200, "nobody calls");
}

#[tokio::test]
async fn a_page_that_is_not_ours_learns_nothing_about_permissions() {
    let server = start().await;
    let head = "POST /t/x HTTP/1.1\r\ncookie: session=stranger\r\norigin: https://evil.test";
    assert_refused(&server.send(head).await, head);
    let head = "POST /t/x HTTP/1.1\r\ncookie: session=stranger\r\norigin: https://app.test";
    assert_eq!(server.send(head).await.json(), json!({ "error": "not a user" }));
    assert_eq!(server.keys.denials(), []);
}
