//! PDSes and authorization servers that lie about who they are or whom they speak for.

use std::time::Duration;

use bytes::Bytes;
use serde_json::{Value, json};
use testkit::{Answer, Browser, TestDatabase};

use super::{
    fake::{ALICE, Fake, MALLORY, PAR, Page, RESOURCE, SERVER, TOKEN},
    site::{Site, Surroundings},
};

async fn world() -> (Fake, Site, TestDatabase) {
    let fake = Fake::start().await;
    let database = TestDatabase::sqlite();
    let store = database.open(&crate::support::schemas()).await;
    let surroundings =
        Surroundings { plc: fake.origin().parse().unwrap(), handles: None, patience: Duration::from_secs(2) };
    (fake, Site::start(&surroundings, &store).await, database)
}

async fn begin(site: &Site) -> Answer {
    site.http.get(&Browser::login(&[("handle", MALLORY)])).await
}

/// Comes back with a code that the fake takes.
async fn come_back(fake: &Fake, browser: &Browser) -> Answer {
    browser.begin(&[("handle", MALLORY)]).await;
    let state = fake.asked(PAR).pop().unwrap().form["state"].clone();
    browser.get(&format!("/auth/callback?code=c&state={state}&iss={}", fake.origin())).await
}

fn message(answer: &Answer, status: u16) -> String {
    answer.expect(status)["error"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_behaves_is_asked_as_the_profile_says() {
    let (fake, site, _database) = world().await;
    let browser = site.browser();
    let back = come_back(&fake, &browser).await;
    assert_eq!(back.header("location"), format!("{}/dashboard/", site.origin));
    let cookies = browser.cookies();
    assert!(cookies.contains("happyview_session=") && !cookies.contains("belvedere_sign_in="), "{cookies}");
    let pushed = fake.asked(PAR).pop().unwrap();
    assert_eq!(pushed.form["code_challenge_method"], "S256");
    assert_eq!(pushed.form["login_hint"], MALLORY);
    let exchanged = fake.asked(TOKEN).pop().unwrap();
    assert!(atproto::oauth::pkce::verify(&exchanged.form["code_verifier"], &pushed.form["code_challenge"]));
    assert_eq!(exchanged.form["redirect_uri"], pushed.form["redirect_uri"]);
    let key = |asked: &super::fake::Asked| {
        let header = asked.headers["dpop"].to_str().unwrap().split('.').next().unwrap().to_owned();
        data_encoding::BASE64URL_NOPAD.decode(header.as_bytes()).unwrap()
    };
    assert_eq!(key(&exchanged), key(&pushed), "one key for the whole session");
    assert!(exchanged.headers.get("authorization").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_that_do_not_fit_stop_a_sign_in() {
    let (fake, site, _database) = world().await;
    let with = |mut document: Value, member: &str, value: Value| {
        document[member] = value;
        Page::json(200, &document)
    };
    let (resource, server) = (fake.resource(), fake.server());
    let elsewhere = json!("https://other.example");
    let big = Page { body: Bytes::from(vec![b' '; 65 << 10]), ..Page::json(200, &json!({})) };
    let html = Page::json(200, &server).with_header("content-type", "text/html");
    let moved = Page::json(302, &server).with_header("location", &format!("{}/elsewhere", fake.origin()));
    fake.set("/elsewhere", Page::json(200, &server));
    for (path, page) in [
        (RESOURCE, with(resource.clone(), "resource", elsewhere.clone())),
        (RESOURCE, with(resource.clone(), "authorization_servers", json!([]))),
        (RESOURCE, with(resource.clone(), "authorization_servers", json!([fake.origin(), elsewhere]))),
        (RESOURCE, Page::json(404, &resource)),
        (RESOURCE, big.clone()),
        (SERVER, with(server.clone(), "issuer", elsewhere.clone())),
        (SERVER, with(server.clone(), "issuer", json!(format!("{}/", fake.origin())))),
        (SERVER, with(server.clone(), "token_endpoint", json!("ftp://other.example/token"))),
        (SERVER, with(server.clone(), "require_pushed_authorization_requests", json!(false))),
        (SERVER, Page::json(500, &server)),
        (SERVER, html),
        (SERVER, big),
        (SERVER, moved.clone()),
        (RESOURCE, moved),
    ] {
        let good = if path == RESOURCE { &resource } else { &server };
        fake.set(path, page);
        assert_eq!(begin(&site).await.status, 502, "{path}");
        fake.set(path, Page::json(200, good));
    }
    assert!(fake.asked("/elsewhere").is_empty(), "nobody follows a redirect");
    assert!(fake.asked(PAR).is_empty());
    assert_eq!(begin(&site).await.status, 200);
}

/// Whoever writes a DID document could have this server knock at doors inside its own network.
#[tokio::test(flavor = "multi_thread")]
async fn addresses_inside_are_not_contacted() {
    let (fake, site, _database) = world().await;
    for inside in
        ["http://169.254.169.254", "https://10.0.0.1", "https://[fd00::1]", "http://pds.example.com"]
    {
        fake.account(MALLORY, inside);
        site.forget(MALLORY).await;
        let answer = begin(&site).await;
        assert_eq!(answer.status, 502, "{inside}: {}", answer.text);
    }
    fake.account(MALLORY, &fake.origin());
    site.forget(MALLORY).await;
    let mut resource = fake.resource();
    resource["authorization_servers"] = json!(["https://10.0.0.1"]);
    fake.set(RESOURCE, Page::json(200, &resource));
    assert!(message(&begin(&site).await, 502).contains("its address is not a public one"));
    fake.set(RESOURCE, Page::json(200, &fake.resource()));
    let mut server = fake.server();
    server["pushed_authorization_request_endpoint"] = json!("https://192.168.0.1/par");
    fake.set(SERVER, Page::json(200, &server));
    assert!(message(&begin(&site).await, 502).contains("its address is not a public one"));
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_for_somebody_else_are_worth_nothing() {
    let (fake, site, _database) = world().await;
    fake.account(ALICE, "https://pds.example.com");
    fake.set(TOKEN, Page::json(200, &Fake::tokens(ALICE)));
    let browser = site.browser();
    assert!(message(&come_back(&fake, &browser).await, 502).contains("it issued tokens for another account"));
    assert_eq!(browser.get("/auth/me").await.status, 401);
    assert_eq!((site.version(ALICE).await, site.version(MALLORY).await), (None, None));

    let tokens = |member: &str, value: Value| {
        let mut tokens = Fake::tokens(MALLORY);
        tokens[member] = value;
        Page::json(200, &tokens)
    };
    for page in [
        tokens("token_type", json!("Bearer")),
        tokens("scope", json!("openid")),
        tokens("access_token", json!("a\r\nx-injected: 1")),
        tokens("sub", json!("mallory")),
        Page::json(200, &json!([])),
        Page::json(500, &json!({})),
        Page::json(307, &json!({})).with_header("location", "/elsewhere"),
        Page { body: Bytes::from(vec![b' '; 1 << 20]), ..Page::json(200, &json!({})) },
    ] {
        fake.set(TOKEN, page);
        assert_eq!(come_back(&fake, &browser).await.status, 502);
    }
    assert_eq!(site.version(MALLORY).await, None);
    assert!(fake.asked("/elsewhere").is_empty(), "a code is sent to one address only");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_never_has_enough_nonces_is_asked_twice() {
    let (fake, site, _database) = world().await;
    let more = Page::json(400, &json!({ "error": "use_dpop_nonce" })).with_header("dpop-nonce", "n");
    fake.set(PAR, more);
    assert!(message(&begin(&site).await, 502).contains("use_dpop_nonce"));
    assert_eq!(fake.asked(PAR).len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_server_is_given_up() {
    let (fake, site, _database) = world().await;
    fake.set(RESOURCE, Page { delay: Duration::from_mins(10), ..Page::json(200, &fake.resource()) });
    let began = std::time::Instant::now();
    let answer = begin(&site).await;
    assert_eq!(answer.status, 502, "{answer:?}");
    assert!(began.elapsed() < Duration::from_secs(10));
}
