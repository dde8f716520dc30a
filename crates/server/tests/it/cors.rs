//! Cross-origin rules (spec/appview.md §3.1).

use server::{Access, Cors, Credential, Mount, Route, standard_errors};

use crate::support::{READ, Server, app};

async fn start() -> Server {
    let open = Mount {
        cors: Some(Cors::xrpc()),
        credentials: &[Credential::ApiKey],
        ..Mount::new("/open", standard_errors)
    };
    let closed = Mount::new("/closed", standard_errors);
    let routes = [
        Route::get("/open/a", Access::Public, "", async || "a"),
        Route::post("/open/a", READ, "", async || "a"),
    ];
    let other = [Route::get("/closed/a", Access::Public, "", async || "a")];
    Server::start(vec![app("t", vec![open.routes(&(), routes), closed.routes(&(), other)])]).await
}

/// What the relay has.
async fn start_for_everybody() -> Server {
    let mount = |prefix, cors| Mount { cors: Some(cors), ..Mount::new(prefix, standard_errors) };
    let get = |path| Route::get(path, Access::Public, "", async || "a");
    let everybody = mount("/all", Cors::everybody("GET, POST, PUT, DELETE", "X-Request-Id"));
    let sockets = mount("/all/sockets", Cors::sockets("GET,POST,OPTIONS"));
    let mounts = vec![everybody.routes(&(), [get("/all/a")]), sockets.routes(&(), [get("/all/sockets/a")])];
    Server::start(vec![app("t", mounts)]).await
}

#[tokio::test]
async fn everybody_is_told_so_whoever_asks() {
    let server = start_for_everybody().await;
    for origin in ["", "\r\norigin: https://page.test", "\r\norigin: https://app.test", "\r\norigin: null"] {
        for (path, status) in [("/all/a", 200), ("/all/missing", 404)] {
            let reply = server.send(&format!("GET {path} HTTP/1.1{origin}")).await;
            assert_eq!((reply.status, reply.header("access-control-allow-origin")), (status, Some("*")));
            assert_eq!(reply.header("access-control-allow-credentials"), None);
            assert_eq!(reply.header("vary"), None, "{origin}");
        }
        let reply = server.send(&format!("GET /all/sockets/a HTTP/1.1{origin}")).await;
        assert_eq!(reply.header("access-control-allow-origin"), Some("*"));
        assert_eq!(reply.header("access-control-allow-credentials"), Some("true"));
    }
}

#[tokio::test]
async fn everybody_may_send_what_they_ask_for() {
    let server = start_for_everybody().await;
    let methods = [("/all/a", "GET, POST, PUT, DELETE"), ("/all/sockets/a", "GET,POST,OPTIONS")];
    for (path, methods) in methods {
        let reply = server.send(&format!("OPTIONS {path} HTTP/1.1\r\n{PREFLIGHT}, x-other")).await;
        assert_eq!((reply.status, reply.header("access-control-allow-origin")), (204, Some("*")));
        assert_eq!(reply.header("access-control-allow-methods"), Some(methods));
        assert_eq!(reply.header("access-control-allow-headers"), Some("authorization, x-other"));
        let plain = PREFLIGHT.split("\r\naccess-control-request-headers").next().unwrap();
        let reply = server.send(&format!("OPTIONS {path} HTTP/1.1\r\n{plain}")).await;
        assert_eq!(reply.header("access-control-allow-headers"), Some("*"));
    }
}

const PREFLIGHT: &str = "origin: https://page.test\r\naccess-control-request-method: POST\r\n\
                         access-control-request-headers: authorization";

#[tokio::test]
async fn any_origin_is_reflected_without_credentials() {
    let server = start().await;
    for (request, status) in [
        ("GET /open/a", 200),
        ("POST /open/a", 401),
        ("PUT /open/a", 405),
        ("GET /open/missing", 404),
        ("HEAD /open/a", 200),
    ] {
        let reply = server.send(&format!("{request} HTTP/1.1\r\norigin: https://page.test")).await;
        assert_eq!(reply.status, status, "{request}");
        assert_eq!(reply.header("access-control-allow-origin"), Some("https://page.test"), "{request}");
        assert_eq!(reply.header("access-control-allow-credentials"), None);
        assert_eq!(
            reply.header("access-control-expose-headers"),
            Some(
                "DPoP-Nonce, WWW-Authenticate, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Retry-After, \
                 atproto-content-labelers"
            )
        );
        assert_eq!(reply.header("vary"), Some("Origin"));
    }
}

#[tokio::test]
async fn only_pages_of_our_sites_get_to_use_credentials() {
    let server = start().await;
    for ours in ["https://app.test", "https://two.test:8443"] {
        let reply = server.send(&format!("GET /open/a HTTP/1.1\r\norigin: {ours}")).await;
        assert_eq!(reply.header("access-control-allow-origin"), Some(ours));
        assert_eq!(reply.header("access-control-allow-credentials"), Some("true"), "{ours}");
        assert_eq!(reply.header("vary"), Some("Origin"));
    }
    for other in [
        "null",
        "http://app.test",
        "https://app.test:8443",
        "https://two.test",
        "https://APP.test",
        "https://app.test.evil.test",
        "https://app.test/",
    ] {
        for method in ["GET", "OPTIONS"] {
            let request = format!(
                "{method} /open/a HTTP/1.1\r\norigin: {other}\r\naccess-control-request-method: POST"
            );
            let reply = server.send(&request).await;
            assert_eq!(reply.header("access-control-allow-origin"), Some(other));
            assert_eq!(reply.header("access-control-allow-credentials"), None, "{other}");
        }
    }
}

#[tokio::test]
async fn a_preflight_of_our_own_page_permits_credentials() {
    let server = start().await;
    let preflight = PREFLIGHT.replace("https://page.test", "https://two.test:8443");
    let reply = server.send(&format!("OPTIONS /open/a HTTP/1.1\r\n{preflight}")).await;
    assert_eq!(reply.status, 204);
    assert_eq!(reply.header("access-control-allow-origin"), Some("https://two.test:8443"));
    assert_eq!(reply.header("access-control-allow-credentials"), Some("true"));
    assert_eq!(
        reply.header("access-control-allow-headers"),
        Some(
            "content-type, authorization, x-client-key, x-client-secret, dpop, atproto-accept-labelers, \
             atproto-proxy, cookie"
        )
    );
}

#[tokio::test]
async fn without_an_origin_there_is_only_vary() {
    let reply = start().await.get("/open/a").await;
    assert_eq!(reply.header("access-control-allow-origin"), None);
    assert_eq!(reply.header("access-control-expose-headers"), None);
    assert_eq!(reply.header("vary"), Some("Origin"));
}

#[tokio::test]
async fn a_preflight_is_answered_before_access_and_for_any_path() {
    let server = start().await;
    for path in ["/open/a", "/open/missing"] {
        let reply = server.send(&format!("OPTIONS {path} HTTP/1.1\r\n{PREFLIGHT}")).await;
        assert_eq!((reply.status, reply.body.len()), (204, 0));
        assert_eq!(reply.header("access-control-allow-origin"), Some("https://page.test"));
        assert_eq!(
            reply.header("access-control-allow-methods"),
            Some("GET, POST, PUT, PATCH, DELETE, OPTIONS")
        );
        assert_eq!(
            reply.header("access-control-allow-headers"),
            Some(
                "content-type, authorization, x-client-key, x-client-secret, dpop, atproto-accept-labelers, \
                 atproto-proxy"
            )
        );
        assert_eq!(reply.header("access-control-max-age"), Some("86400"));
        assert_eq!(reply.header("access-control-allow-credentials"), None);
        assert_eq!(reply.header("vary"), Some("Origin"));
        assert!(reply.header("x-request-id").is_some());
    }
}

#[tokio::test]
async fn a_mount_without_rules_sends_no_headers() {
    let server = start().await;
    let reply = server.send("GET /closed/a HTTP/1.1\r\norigin: https://page.test").await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.header("access-control-allow-origin"), None);
    assert_eq!(reply.header("vary"), None);
    let reply = server.send(&format!("OPTIONS /closed/missing HTTP/1.1\r\n{PREFLIGHT}")).await;
    assert_eq!(reply.status, 404);
}

#[tokio::test]
async fn options_without_an_origin_lists_the_methods() {
    let reply = start().await.send("OPTIONS /open/a HTTP/1.1").await;
    assert_eq!((reply.status, reply.header("allow")), (204, Some("GET,HEAD,POST")));
}
