//! Methods that are served elsewhere, by an authority that the test plays.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use accounts::Actor;
use accounts::settings::{ProxyMode, ProxyPolicy};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use hickory_resolver::proto::rr::RecordType;
use http::StatusCode;
use serde_json::{Value, json};
use testkit::HttpClient;
use tokio::net::TcpListener;

use crate::harness::{GET_STATUSES, STATUS, Server, Surroundings, has_status, query_of, schemas};
use testkit::DnsServer;

const DOMAIN: &str = "_lexicon.far.example.com";

/// A server and the only one it knows to ask.
struct Site {
    server: Server,
    dns: DnsServer,
    /// Requests that arrived at the authority, its own DID document aside.
    asked: Arc<AtomicUsize>,
}

impl Site {
    async fn start(store: store::Store) -> Self {
        let (dns, asked) = (DnsServer::start().await, Arc::<AtomicUsize>::default());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let router = Router::new().fallback(authority).with_state((port, asked.clone()));
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        dns.txt(DOMAIN, &[&format!("did=did:web:localhost%3A{port}")]);
        let surroundings = Surroundings { dns: Some(dns.address.to_string()), ..Surroundings::nobody() };
        Self { server: Server::launch(store, surroundings).await, dns, asked }
    }

    fn client(&self) -> &HttpClient {
        &self.server.client
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

async fn on_each_site(test: impl AsyncFn(Site) + Copy) {
    testkit::on_each_engine(&schemas(), |store| async move { test(Site::start(store).await).await }).await;
}

/// A PDS and its DID document.
async fn authority(State((port, asked)): State<(u16, Arc<AtomicUsize>)>, request: Request) -> Response {
    let did = format!("did:web:localhost%3A{port}");
    if request.uri().path() == "/.well-known/did.json" {
        let endpoint = format!("http://127.0.0.1:{port}");
        return axum::Json(document(&did, &endpoint)).into_response();
    }
    asked.fetch_add(1, Ordering::SeqCst);
    let method = request.uri().path().rsplit('.').next().unwrap().to_owned();
    match method.as_str() {
        "echo" => echo(request).await,
        "page" => ([("content-type", "text/html"), ("set-cookie", "a=b"), ("x-theirs", "1")], "<script>")
            .into_response(),
        "fails" => (StatusCode::CONFLICT, axum::Json(json!({ "error": "Theirs" }))).into_response(),
        "breaks" => (StatusCode::SERVICE_UNAVAILABLE, "later").into_response(),
        "moved" => (StatusCode::FOUND, [("location", "http://127.0.0.1:1/")]).into_response(),
        "huge" => vec![b' '; (5 << 20) + 1].into_response(),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

/// What arrived.
async fn echo(request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body: Bytes = axum::body::to_bytes(body, 1 << 20).await.unwrap();
    let headers: Vec<_> = parts.headers.keys().map(ToString::to_string).collect();
    axum::Json(json!({
        "method": parts.method.as_str(),
        "target": parts.uri.to_string(),
        "headers": headers,
        "type": parts.headers.get("content-type").map(|value| value.to_str().unwrap()),
        "body": String::from_utf8_lossy(&body),
    }))
    .into_response()
}

fn document(did: &str, endpoint: &str) -> Value {
    json!({
        "id": did,
        "alsoKnownAs": [],
        "verificationMethod": [],
        "service": [
            { "id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": endpoint },
        ],
    })
}

async fn set_policy(site: &Site, mode: ProxyMode, patterns: &[&str]) {
    let patterns: Vec<_> = patterns.iter().map(ToString::to_string).collect();
    let policy = ProxyPolicy::new(mode, &patterns).unwrap();
    site.server.accounts.settings.set_proxy_policy(&Actor::LocalOperator, &policy).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_is_passed_on_without_what_is_the_callers() {
    on_each_site(async |site| {
        let client = site.client().with_header("x-private", "1").with_header("cookie", "happyview_session=x");
        let heard = client.get("/xrpc/com.example.far.echo?a=1&b=%20x&a=2").await.expect(200);
        assert_eq!(heard["method"], "GET");
        assert_eq!(heard["target"], "/xrpc/com.example.far.echo?a=1&b=%20x&a=2");
        let mut headers: Vec<_> =
            heard["headers"].as_array().unwrap().iter().map(|h| h.as_str().unwrap()).collect();
        headers.sort_unstable();
        assert_eq!(headers, ["accept", "accept-encoding", "host", "user-agent", "via"]);

        let heard = client.post("/xrpc/com.example.far.echo?c=d", &json!({ "a": [1] })).await.expect(200);
        assert_eq!(heard["method"], "POST");
        assert_eq!(heard["target"], "/xrpc/com.example.far.echo?c=d");
        assert_eq!((&heard["type"], &heard["body"]), (&json!("application/json"), &json!(r#"{"a":[1]}"#)));
        let empty = client.request(http::Method::POST, "/xrpc/com.example.far.echo");
        assert_eq!(client.send(empty).await.expect(200)["body"], "");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn status_type_and_body_come_back_and_nothing_else() {
    on_each_site(async |site| {
        let page = site.client().get("/xrpc/com.example.far.page").await;
        assert_eq!((page.status, page.text.as_str()), (200, "<script>"));
        assert_eq!(page.header("content-type"), "text/html");
        assert_eq!((page.header("set-cookie"), page.header("x-theirs")), ("", ""));
        // Their page must not act as one of ours.
        assert_eq!(page.header("content-security-policy"), "default-src 'none'; sandbox");
        assert_eq!(page.header("x-content-type-options"), "nosniff");
        assert_eq!(page.header("ratelimit-limit"), "100");
        let failed = site.client().get("/xrpc/com.example.far.fails").await;
        assert_eq!(failed.expect(409), json!({ "error": "Theirs" }));
        let broken = site.client().get("/xrpc/com.example.far.breaks").await;
        assert_eq!((broken.status, broken.text.as_str()), (503, "later"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_answer_is_502() {
    on_each_site(async |site| {
        for (method, word) in [("moved", "302"), ("huge", "larger than 5242880 bytes")] {
            let error = site.client().get(&format!("/xrpc/com.example.far.{method}")).await.expect(502);
            assert!(error["error"].as_str().unwrap().contains(word), "{error}");
            assert_eq!(error.as_object().unwrap().len(), 1, "nothing to search our log for: {error}");
        }
        site.dns.txt("_lexicon.gone.example.com", &["did=did:web:localhost%3A1"]);
        for nsid in ["com.example.nobody.get", "com.example.gone.get"] {
            has_status(&site.client().get(&format!("/xrpc/{nsid}")).await, 502);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_authority_is_looked_up_once_whether_it_exists_or_not() {
    on_each_site(async |site| {
        for _ in 0..3 {
            has_status(&site.client().get("/xrpc/com.example.far.echo").await, 200);
            has_status(&site.client().get("/xrpc/com.example.far.page").await, 200);
            has_status(&site.client().get("/xrpc/com.example.nobody.get").await, 502);
        }
        assert_eq!(site.dns.asked(DOMAIN, RecordType::TXT), 1);
        assert_eq!(site.dns.asked("_lexicon.nobody.example.com", RecordType::TXT), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_policy_decides_and_changes_at_once() {
    on_each_site(async |site| {
        let get = async || site.client().get("/xrpc/com.example.far.echo").await;
        for (mode, patterns, allowed) in [
            (ProxyMode::Disabled, &[][..], false),
            (ProxyMode::Allowlist, &["com.example.far.*"], true),
            (ProxyMode::Allowlist, &["com.example.far.page"], false),
            (ProxyMode::Blocklist, &["com.example.*"], false),
            (ProxyMode::Blocklist, &["com.example.far.page"], true),
            (ProxyMode::Open, &[], true),
        ] {
            set_policy(&site, mode, patterns).await;
            let answer = get().await;
            has_status(&answer, if allowed { 200 } else { 403 });
            if !allowed {
                assert_eq!(answer.json(), json!({ "error": "NSID not allowed by proxy policy" }));
            }
        }
        // What is served here is, whatever the policy says.
        site.server.add(query_of(GET_STATUSES, STATUS)).await;
        set_policy(&site, ProxyMode::Disabled, &[]).await;
        has_status(&site.client().get(&format!("/xrpc/{GET_STATUSES}")).await, 200);
        assert_eq!(site.asked(), 3);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_does_not_go_round() {
    on_each_site(async |site| {
        let passed_on = site.client().with_header("via", "1.1 elsewhere, 1.1 belvedere");
        has_status(&passed_on.get("/xrpc/com.example.far.echo").await, 502);
        // The authority of these has its PDS here.
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let ours = document(&format!("did:web:localhost%3A{port}"), site.client().base());
        let router = Router::new().fallback(async move || axum::Json(ours));
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        site.dns.txt("_lexicon.here.example.com", &[&format!("did=did:web:localhost%3A{port}")]);
        let error = site.client().get("/xrpc/com.example.here.get").await.expect(502);
        assert_eq!(
            error,
            json!({ "error": "com.example.here.get is served neither here nor by its authority" })
        );
        assert_eq!(site.asked(), 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_json_is_passed_on() {
    on_each_site(async |site| {
        let request = site.client().request(http::Method::POST, "/xrpc/com.example.far.echo");
        let answer = site.client().send(request.header("content-type", "text/plain").body("{}")).await;
        has_status(&answer, 415);
        let request = site.client().request(http::Method::POST, "/xrpc/com.example.far.echo");
        let request = request.header("content-type", "Application/JSON; charset=utf-8").body("{}");
        assert_eq!(site.client().send(request).await.expect(200)["type"], "application/json");
        assert_eq!(site.asked(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn scripts_are_held_to_the_same_policy() {
    on_each_site(async |site| {
        let ask = "com.example.near.ask";
        site.server.add(query_of(ask, STATUS)).await;
        let call = r#"xrpc.query("com.example.far.echo", { a = toarray{ 1, 2 }, b = "x y" })"#;
        let script = json!({ "id": format!("xrpc.query:{ask}"), "body": format!("function handle() return {call} end") });
        has_status(&site.server.admin.post("/admin/scripts", &script).await, 201);
        let path = format!("/xrpc/{ask}");
        let inner = |answer: Value| {
            let body: Value = serde_json::from_str(answer["body"].as_str().unwrap()).unwrap();
            (answer["status"].as_u64().unwrap(), body)
        };
        let (status, heard) = inner(site.client().with_header("x-private", "1").get(&path).await.expect(200));
        assert_eq!((status, &heard["method"]), (200, &json!("GET")));
        assert_eq!(heard["target"], "/xrpc/com.example.far.echo?a=1&a=2&b=x+y");
        let mut headers: Vec<_> =
            heard["headers"].as_array().unwrap().iter().map(|h| h.as_str().unwrap()).collect();
        headers.sort_unstable();
        assert_eq!(headers, ["accept", "accept-encoding", "host", "user-agent", "via"]);

        // What one of us has passed on goes no further, not by way of a script either.
        let asked = site.asked();
        let passed_on = site.client().with_header("via", "1.1 belvedere");
        assert_eq!(inner(passed_on.get(&path).await.expect(200)).0, 502);
        set_policy(&site, ProxyMode::Disabled, &[]).await;
        let (status, refusal) = inner(site.client().get(&path).await.expect(200));
        assert_eq!((status, refusal), (403, json!({ "error": "NSID not allowed by proxy policy" })));
        assert_eq!(site.asked(), asked);
    })
    .await;
}
