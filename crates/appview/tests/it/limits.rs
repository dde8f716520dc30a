//! How often somebody may call a method, on every engine and every kind of cache.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use accounts::Actor;
use accounts::clients::{Change, ClientChange, NewClient, NewClientCredentials};
use accounts::settings::{ProxyMode, ProxyPolicy};
use appview::NewLexicon;
use atproto::Did;
use cache::{Cache, ManualClock};
use serde_json::json;
use testkit::{Answer, HttpClient};
use uuid::Uuid;

use crate::harness::{
    ALICE, BOB, GET_STATUSES, STATUS, Server, Surroundings, has_status, procedure_lexicon, query_of, schemas,
};
use crate::valkey_proxy::Proxy;

/// What [`start`] makes a call of this cost.
const COST: u32 = 40;
const PATH: &str = "/xrpc/com.example.getStatuses";

/// Servers on each engine and cache, whose buckets fill while the test turns the clock.
async fn on_each_cache(test: impl AsyncFn(Server, ManualClock) + Copy) {
    testkit::on_each_engine(&schemas(), |store| async move {
        let clock = ManualClock::new();
        let memory = Surroundings::nobody().cache.with_clock(clock.clone());
        test(start(store.clone(), memory).await, clock).await;
        if let Some(url) = valkey() {
            let (clock, prefix) = (ManualClock::new(), format!("test:{}:", Uuid::new_v4()));
            let valkey = Cache::connect(&url, &prefix).await.unwrap().with_clock(clock.clone());
            test(start(store, valkey).await, clock).await;
        }
    })
    .await;
}

fn valkey() -> Option<String> {
    let url = std::env::var("TEST_VALKEY_URL").ok();
    if url.is_none() {
        eprintln!("SKIPPED: this test on Valkey: set TEST_VALKEY_URL, or run it under scripts/with-services");
    }
    url
}

async fn start(store: store::Store, cache: Cache) -> Server {
    let server = Server::launch(store, Surroundings { cache, ..Surroundings::nobody() }).await;
    server.add(NewLexicon { token_cost: Some(COST), ..query_of(GET_STATUSES, STATUS) }).await;
    server
}

/// The limit, what remains of it, and how many seconds it takes until nothing is missing.
#[track_caller]
fn standing(answer: &Answer) -> (u64, u64, u64) {
    let number = |name| answer.header(name).parse::<u64>().unwrap_or_else(|_| panic!("{name}: {answer:?}"));
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let reset = number("ratelimit-reset").saturating_sub(now);
    (number("ratelimit-limit"), number("ratelimit-remaining"), reset)
}

#[track_caller]
fn remains(answer: &Answer, tokens: u64) {
    assert_eq!(standing(answer).1, tokens, "{answer:?}");
}

#[track_caller]
fn is_limited(answer: &Answer, retry_after: u64) {
    assert_eq!(answer.expect(429), json!({ "error": "RateLimited", "message": "Too many requests" }));
    assert_eq!(answer.header("retry-after"), retry_after.to_string());
}

/// A client with a bucket of this many tokens that gets two back per second.
/// Its id and its key.
async fn client(server: &Server, capacity: i64) -> (String, String) {
    let client = registered(server, capacity, "public").await.client;
    (client.id, client.client_key)
}

async fn registered(server: &Server, capacity: i64, client_type: &str) -> NewClientCredentials {
    let new = NewClient {
        name: "app".to_owned(),
        client_id_url: format!("https://app.example/{}.json", Uuid::new_v4()),
        client_uri: "https://app.example".to_owned(),
        redirect_uris: vec!["https://app.example/callback".to_owned()],
        scopes: None,
        client_type: Some(client_type.to_owned()),
        allowed_origins: None,
        rate_limit_capacity: Some(capacity),
        rate_limit_refill_rate: None,
    };
    server.accounts.clients.create(None, new).await.unwrap()
}

/// Somebody who is signed in through a client.
async fn signed_in(server: &Server, did: &str, client_key: Option<&str>) -> HttpClient {
    let did = Did::parse(did).unwrap();
    let session = server.accounts.browser_sessions.start(&did, client_key).await.unwrap();
    let cookie = session.set_cookie.to_str().unwrap().split(';').next().unwrap().to_owned();
    server.client.with_header("cookie", &cookie)
}

async fn set(server: &Server, key: &str, value: &str) {
    server.accounts.settings.set(&Actor::LocalOperator, key, value).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_does_not_say_who_they_are_is_counted_by_address() {
    on_each_cache(async |server, clock| {
        let from = |address: &str| server.client.with_header("x-forwarded-for", address);
        let first = from("203.0.113.1").get(PATH).await;
        let (limit, remaining, reset) = standing(&first);
        assert_eq!((limit, remaining), (100, 60));
        assert!((18..=21).contains(&reset), "40 tokens at 2 per second: {reset}");
        remains(&from("203.0.113.1").get(PATH).await, 20);
        let refused = from("203.0.113.1").get(PATH).await;
        is_limited(&refused, 10);
        remains(&refused, 20);
        // What the client itself claims in the header is not believed.
        is_limited(&from("198.51.100.9, 203.0.113.1").get(PATH).await, 10);
        remains(&from("203.0.113.1, 198.51.100.9").get(PATH).await, 60);
        remains(&from("2001:db8:0:1::1").get(PATH).await, 60);
        remains(&from("2001:db8:0:1:ffff::2").get(PATH).await, 20);
        remains(&from("2001:db8:0:2::1").get(PATH).await, 60);
        clock.advance(Duration::from_secs(10));
        remains(&from("203.0.113.1").get(PATH).await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_has_a_limit_of_its_own_that_changes_at_once() {
    on_each_cache(async |server, clock| {
        let (made, (_, other)) = (registered(&server, 80, "confidential").await, client(&server, 80).await);
        let (id, key) = (made.client.id, made.client.client_key);
        let app = server.client.with_header("x-client-key", &key);
        let app = app.with_header("x-client-secret", &made.client_secret.unwrap());
        assert_eq!(standing(&app.get(PATH).await).0, 80);
        remains(&server.client.get(&format!("{PATH}?client_key={key}")).await, 0);
        is_limited(&app.get(PATH).await, 20);
        remains(&server.client.with_header("x-client-key", &other).get(PATH).await, 40);
        remains(&server.client.get(PATH).await, 60);
        clock.advance(Duration::from_secs(20));
        remains(&app.get(PATH).await, 0);

        let change = ClientChange { rate_limit_capacity: Change::Set(50), ..ClientChange::default() };
        server.accounts.clients.update(None, &id, change).await.unwrap();
        assert_eq!(standing(&app.get(PATH).await).0, 50, "a new bucket, and full");
        let change = ClientChange { rate_limit_capacity: Change::Clear, ..ClientChange::default() };
        server.accounts.clients.update(None, &id, change).await.unwrap();
        let answer = app.get(PATH).await;
        assert_eq!((standing(&answer).0, standing(&answer).1), (100, 60));

        let change = ClientChange { is_active: Some(false), ..ClientChange::default() };
        server.accounts.clients.update(None, &id, change).await.unwrap();
        assert_eq!(app.get(PATH).await.expect(401), json!({ "error": "Invalid client" }));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_who_names_an_app_leaves_half_of_it_to_others() {
    on_each_cache(async |server, clock| {
        let (_, key) = client(&server, 80).await;
        let from = |address: &str| {
            server.client.with_header("x-client-key", &key).with_header("x-forwarded-for", address)
        };
        let (stranger, visitor) = (from("203.0.113.1"), from("203.0.113.2"));
        remains(&stranger.get(PATH).await, 40);
        remains(&stranger.get(PATH).await, 0);
        is_limited(&stranger.get(PATH).await, 40);
        is_limited(&visitor.get(PATH).await, 20);
        // The app has 80 again, the stranger 40.
        clock.advance(Duration::from_secs(40));
        has_status(&stranger.get(PATH).await, 200);
        is_limited(&stranger.get(PATH).await, 40);
        remains(&visitor.get(PATH).await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_never_stops_leaves_half_of_a_client_to_others() {
    on_each_cache(async |server, clock| {
        let (_, key) = client(&server, 80).await;
        let alice = signed_in(&server, ALICE, Some(&key)).await;
        let bob = signed_in(&server, BOB, Some(&key)).await;
        // One account alone has all that the client has.
        remains(&alice.get(PATH).await, 40);
        remains(&alice.get(PATH).await, 0);
        is_limited(&alice.get(PATH).await, 40);
        is_limited(&bob.get(PATH).await, 20);
        // The client has 80 again, alice 40.
        clock.advance(Duration::from_secs(40));
        has_status(&alice.get(PATH).await, 200);
        is_limited(&alice.get(PATH).await, 40);
        remains(&bob.get(PATH).await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_dashboard_counts_each_of_its_users() {
    on_each_cache(async |server, _| {
        let alice = signed_in(&server, ALICE, None).await;
        remains(&alice.get(PATH).await, 60);
        remains(&alice.get(PATH).await, 20);
        is_limited(&alice.get(PATH).await, 10);
        remains(&signed_in(&server, BOB, None).await.get(PATH).await, 60);
        remains(&server.client.get(PATH).await, 60);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_method_has_its_price() {
    on_each_cache(async |server, _| {
        server.add(NewLexicon::new(procedure_lexicon("com.example.setStatus").to_string())).await;
        let policy = ProxyPolicy::new(ProxyMode::Disabled, &[]).unwrap();
        server.accounts.settings.set_proxy_policy(&Actor::LocalOperator, &policy).await.unwrap();
        for (key, cost) in [("query", "2"), ("procedure", "3"), ("proxy", "5")] {
            set(&server, &format!("rate_limit.default_{key}_cost"), cost).await;
        }
        let client = &server.client;
        // However its name is spelt.
        remains(&client.get("/xrpc/COM.Example.getStatuses").await, 60);
        remains(&client.get("/xrpc/com%2Eexample%2EgetStatuses?limit=1").await, 20);
        remains(&client.post("/xrpc/com.example.setStatus", &json!({})).await, 17);
        let denied = client.get("/xrpc/com.example.unknown").await;
        assert_eq!(denied.expect(403), json!({ "error": "NSID not allowed by proxy policy" }));
        remains(&denied, 12);
        // These need no lexicon.
        remains(&client.get("/xrpc/dev.happyview.listApiClients").await, 10);
        remains(&client.post("/xrpc/dev.happyview.deleteApiClient", &json!({ "id": "x" })).await, 7);
        remains(&client.get("/xrpc/com.example.1").await, 2);
        set(&server, "rate_limit.default_query_cost", "0").await;
        remains(&client.get("/xrpc/dev.happyview.listApiClients").await, 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_cost_as_much_and_say_so() {
    on_each_cache(async |server, _| {
        for (path, status) in [("?uri=nonsense", 400), ("?uri=at://did:web:nobody.invalid/a.b.c/d", 404)] {
            let answer = server.client.get(&format!("{PATH}{path}")).await;
            has_status(&answer, status);
            assert_eq!(standing(&answer).0, 100);
        }
        let unknown = server.client.with_header("x-client-key", "hvc_unknown").get(PATH).await;
        is_limited(&unknown, 10);
        let elsewhere = server.client.with_header("x-forwarded-for", "203.0.113.1");
        let unknown = elsewhere.with_header("x-client-key", "hvc_unknown").get(PATH).await;
        assert_eq!(unknown.expect(401), json!({ "error": "Invalid client" }));
        remains(&unknown, 60);
        set(&server, "require_client_key", "true").await;
        let missing = elsewhere.get(PATH).await;
        assert_eq!(missing.expect(401), json!({ "error": "Missing client identification" }));
        remains(&missing, 20);
        set(&server, "require_client_key", "false").await;
        // Not counted: nobody is called upon.
        has_status(&server.client.with_bearer("nonsense").get(PATH).await, 401);
        has_status(&server.client.get("/config").await, 200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_shared_cache_an_instance_counts_by_itself() {
    let Some(url) = valkey() else { return };
    testkit::on_each_engine(&schemas(), |store| {
        let url = url.clone();
        async move {
            let proxy = Proxy::start(&url).await;
            let prefix = format!("test:{}:", Uuid::new_v4());
            let cache = Cache::connect(&format!("redis://{}", proxy.address), &prefix).await.unwrap();
            let server = start(store, cache).await;
            remains(&server.client.get(PATH).await, 60);
            proxy.refuse(true);
            proxy.cut();
            // Counted from the start, and still limited.
            remains(&server.client.get(PATH).await, 60);
            remains(&server.client.get(PATH).await, 20);
            has_status(&server.client.get(PATH).await, 429);
            proxy.refuse(false);
            let shared = async || standing(&server.client.get(PATH).await).1 > 20;
            let deadline = tokio::time::Instant::now() + crate::harness::PATIENCE;
            while !shared().await {
                assert!(tokio::time::Instant::now() < deadline, "the cache is there again");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    })
    .await;
}
