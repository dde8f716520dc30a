//! How an app gets a token, and how nobody else does.

use serde_json::json;
use testkit::{TestDatabase, databases};
use url::Url;

use super::consent::Page;
use super::instance::{Instance, password};

/// The example of RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const BACK: &str = "https://client.example/back?x=1";

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_good_once_for_whoever_asked() {
    for database in databases().await {
        let instance = Instance::start(database).await;
        instance.register("alice").await;
        let app = instance.app("read write").await;
        let grant = "authorization_code";

        let code = instance.code(&app, "alice", "read").await;
        let answer = instance.exchange(&app, &json!({ "grant_type": grant, "code": code })).await.expect(200);
        assert_eq!(answer["scope"], "read");
        assert_eq!(answer["token_type"], "Bearer");
        let again = instance.exchange(&app, &json!({ "grant_type": grant, "code": code })).await;
        assert_eq!(again.expect(400)["error"], "invalid_grant");

        let code = instance.code(&app, "alice", "read").await;
        let other = instance.app("read").await;
        let stolen = instance.exchange(&other, &json!({ "grant_type": grant, "code": code })).await;
        assert_eq!(stolen.expect(400)["error"], "invalid_grant");
        let late = instance.exchange(&app, &json!({ "grant_type": grant, "code": code })).await;
        assert_eq!(late.expect(400)["error"], "invalid_grant", "what was shown wrongly is gone");

        let password =
            json!({ "grant_type": "password", "username": "alice", "password": password("alice") });
        assert_eq!(instance.exchange(&app, &password).await.expect(400)["error"], "unauthorized_client");
        let wrong = json!({ "client_secret": "wrong", "grant_type": "client_credentials" });
        assert_eq!(instance.exchange(&app, &wrong).await.expect(401)["error"], "invalid_client");
        let wide = json!({ "grant_type": "client_credentials", "scope": "read write follow" });
        assert_eq!(instance.exchange(&app, &wide).await.expect(400)["error"], "invalid_scope");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_challenge_has_to_be_answered() {
    let instance = Instance::start(TestDatabase::sqlite()).await;
    instance.register("alice").await;
    let body = json!({ "client_name": "Test", "redirect_uris": [BACK], "scopes": "read" });
    let app = instance.http().post("/api/v1/apps", &body).await.expect(200);
    let query = [
        ("client_id", app["client_id"].as_str().unwrap()),
        ("redirect_uri", BACK),
        ("response_type", "code"),
        ("state", "a state"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    for (verifier, status) in [(Some("another one"), 400), (None, 400), (Some(VERIFIER), 200)] {
        let page = Page::open(instance.http(), &query).await;
        let back = page.say("alice@example.com", &password("alice"), "allow").await;
        assert_eq!(back.status, 303);
        let back = Url::parse(&back.location()).unwrap();
        let said =
            |name: &str| back.query_pairs().find(|(it, _)| it == name).map(|(_, value)| value.into_owned());
        assert_eq!(said("state").as_deref(), Some("a state"));
        assert_eq!(said("x").as_deref(), Some("1"));
        let more = json!({
            "grant_type": "authorization_code", "code": said("code"), "redirect_uri": BACK, "code_verifier": verifier,
        });
        instance.exchange(&app, &more).await.expect(status);
    }
    let page = Page::open(instance.http(), &query).await;
    let back = page.say("", "", "deny").await;
    assert!(
        back.location().starts_with(BACK) && back.location().contains("error=access_denied"),
        "{}",
        back.location()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_is_answered_where_it_was_shown_and_leads_nowhere_else() {
    let instance = Instance::start(TestDatabase::sqlite()).await;
    instance.register("alice").await;
    let body = json!({ "client_name": "<b>\"Test", "redirect_uris": BACK, "scopes": "read" });
    let app = instance.http().post("/api/v1/apps", &body).await.expect(200);
    let id = app["client_id"].as_str().unwrap();
    let query = [("client_id", id), ("redirect_uri", BACK), ("response_type", "code"), ("scope", "read")];
    let page = Page::open(instance.http(), &query).await;
    let policy = page.answer.header("content-security-policy");
    assert!(
        policy.contains("frame-ancestors 'none'") && policy.contains("form-action 'self' https:;"),
        "{policy}"
    );
    assert_eq!(page.answer.header("x-frame-options"), "DENY");
    assert_eq!(page.answer.header("cache-control"), "no-store");
    assert!(page.answer.text.contains("&lt;b&gt;&quot;Test") && !page.answer.text.contains("<b>\"Test"));

    let secret = password("alice");
    let (name, own) = ("alice", page.cookie.clone());
    let other = format!("belvedere_consent={}", "x".repeat(43));
    for (cookie, headers) in [
        (&*other, &[][..]),
        ("", &[]),
        (&own, &[("origin", "https://evil.example")]),
        (&own, &[("sec-fetch-site", "cross-site")]),
    ] {
        let answer = page.say_with(cookie, name, &secret, "allow", headers).await;
        assert!(answer.status == 400 || answer.status == 403, "{}", answer.status);
        assert!(answer.headers.get("location").is_none());
    }
    let wrong = page.say(name, "wrong", "allow").await;
    assert_eq!(wrong.status, 401);
    assert!(wrong.text.contains("role=\"alert\""));
    let headers = [("sec-fetch-site", "same-origin")];
    assert_eq!(page.say_with(&own, name, &secret, "allow", &headers).await.status, 303);
    assert_eq!(page.say(name, &secret, "allow").await.status, 400, "it is answered once");

    // Whoever is not known, or waits somewhere else, is told nothing.
    for query in [
        [("client_id", "nobody"), ("redirect_uri", BACK)],
        [("client_id", id), ("redirect_uri", "https://evil.example/back")],
    ] {
        let answer = instance.http().get_with("/oauth/authorize", &query).await;
        assert_eq!(answer.status, 400);
        assert!(answer.headers.get("location").is_none());
    }
    let query = [("client_id", id), ("redirect_uri", BACK), ("response_type", "code"), ("scope", "write")];
    let answer = instance.http().get_with("/oauth/authorize", &query).await;
    assert!(answer.location().contains("error=invalid_scope"), "{}", answer.location());
    for uri in ["javascript:alert(1)", "/back", "https://a.example/#x"] {
        let body = json!({ "client_name": "Test", "redirect_uris": uri, "scopes": "read" });
        instance.http().post("/api/v1/apps", &body).await.expect(422);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn passwords_are_not_guessed() {
    let instance = Instance::start(TestDatabase::sqlite()).await;
    instance.register("alice").await;
    let app = instance.app("read").await;
    let query = [
        ("client_id", app["client_id"].as_str().unwrap()),
        ("redirect_uri", super::instance::OUT_OF_BAND),
        ("response_type", "code"),
    ];
    let page = Page::open(instance.http(), &query).await;
    let mut last = 0;
    for _ in 0..15 {
        last = page.say("alice", "wrong", "allow").await.status;
    }
    assert_eq!(last, 429);
    assert_eq!(
        page.say("alice", &password("alice"), "allow").await.status,
        429,
        "also whoever knows it waits"
    );
}
