//! Whom a call is counted against, and from where an app may be called on (spec/appview.md §3.3).

use accounts::{
    Actor,
    clients::{Change, ClientChange},
};
use atproto::Did;
use serde_json::{Value, json};

use super::{
    app::App,
    site::{Site, new_client, on_each_site},
};

const PATH: &str = "/xrpc/test.example.identify";
const DID: &str = "did:plc:ewvi7nxzyoun6zhxrhs64oiz";

async fn set(site: &Site, setting: &str) {
    site.accounts.settings.set(&Actor::LocalOperator, setting, "true").await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_is_named_by_its_session_the_header_or_the_query() {
    on_each_site(async |site| {
        let mut limited = new_client("app", "public");
        (limited.rate_limit_capacity, limited.rate_limit_refill_rate) = (Some(7), Some(0.5));
        let app = App::new(&site, site.clients().create(None, limited).await.unwrap());
        let other = App::start(&site, "other", "public").await;
        let expected = json!({ "client": "app", "capacity": 7, "rate": 0.5, "proven": false });
        let key = &app.client.client.client_key;
        assert_eq!(app.http.get(PATH).await.expect(200), expected);
        assert_eq!(site.http.get(&format!("{PATH}?a=b&client_key={key}")).await.expect(200), expected);
        let both = other.http.get(&format!("{PATH}?client_key={key}")).await.expect(200);
        assert_eq!(
            both,
            json!({ "client": "other", "capacity": 100, "rate": 2.0, "proven": false }),
            "the header comes first"
        );
        let device = app.device(&site, DID).await;
        let other_key = &other.client.client.client_key;
        let signed = device.get(&format!("{PATH}?client_key={other_key}")).await;
        assert_eq!(signed.expect(200), expected, "the session comes first");
        for unknown in ["hvc_0", ""] {
            let answer = site.http.get(&format!("{PATH}?client_key={unknown}")).await;
            assert_eq!(answer.expect(401)["error"], "Invalid client");
        }
        let clear = ClientChange { rate_limit_capacity: Change::Clear, ..ClientChange::default() };
        site.clients().update(None, &app.client.client.id, clear).await.unwrap();
        assert_eq!(app.http.get(PATH).await.expect(200)["capacity"], 100, "at once");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn anonymous_callers_are_accepted_unless_the_operator_says_otherwise() {
    on_each_site(async |site| {
        assert_eq!(site.http.get(PATH).await.expect(200), json!("anonymous"));
        set(&site, "require_client_key").await;
        assert_eq!(site.http.get(PATH).await.expect(401)["error"], "Missing client identification");
        let app = App::start(&site, "app", "public").await;
        assert_eq!(app.http.get(PATH).await.expect(200)["client"], "app");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_secret_is_refused_and_a_foreign_page_if_the_operator_wants() {
    on_each_site(async |site| {
        let app = App::start(&site, "app", "confidential").await;
        assert_eq!(app.http.get(PATH).await.expect(200)["proven"], true);
        assert_eq!(app.named.get(PATH).await.expect(200)["proven"], false);
        let wrong = app.named.with_header("x-client-secret", "hvs_0");
        assert_eq!(wrong.get(PATH).await.expect(401)["error"], "Invalid client secret");
        let public = App::start(&site, "public", "public").await;
        let wrong = public.named.with_header("x-client-secret", "hvs_0");
        assert_eq!(wrong.get(PATH).await.status, 401, "a public client has no secret");

        let origins = vec!["https://allowed.example".to_owned()];
        let change = ClientChange { allowed_origins: Change::Set(origins), ..ClientChange::default() };
        site.clients().update(None, &app.client.client.id, change).await.unwrap();
        let from = async |origin: &str| app.named.with_header("origin", origin).get(PATH).await;
        let (own, allowed, foreign) =
            ("https://app.example.com", "https://allowed.example", "https://evil.example");
        for origin in [own, allowed, foreign] {
            assert_eq!(from(origin).await.status, 200, "{origin}: reported at most");
        }
        set(&site, "enforce_client_origin").await;
        for origin in [own, allowed] {
            assert_eq!(from(origin).await.status, 200, "{origin}");
        }
        for origin in [foreign, "null", "https://app.example.com.evil.example", "http://app.example.com"] {
            assert_eq!(
                from(origin).await.expect(401)["error"],
                "Origin not allowed for this client",
                "{origin}"
            );
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_counts_as_its_app_or_as_our_own_pages() {
    on_each_site(async |site| {
        let app = App::start(&site, "app", "public").await;
        let sessions = &site.accounts.browser_sessions;
        let did = Did::parse(DID).unwrap();
        let cookie = async |client_key: Option<&str>| {
            let started = sessions.start(&did, client_key).await.unwrap();
            let cookie = started.set_cookie.to_str().unwrap().split(';').next().unwrap().to_owned();
            site.http.with_header("cookie", &cookie)
        };
        let own = cookie(None).await;
        assert_eq!(own.get(PATH).await.expect(200), json!({ "dashboard": DID }));
        let page = own.with_header("origin", &site.origin);
        assert_eq!(page.get(PATH).await.expect(200), json!({ "dashboard": DID }));
        let foreign = own.with_header("origin", "https://evil.example");
        assert_eq!(foreign.get(PATH).await.expect(401)["error"], "Missing client identification");
        let through = cookie(Some(&app.client.client.client_key)).await;
        assert_eq!(through.get(PATH).await.expect(200)["client"], json!("app"));
        site.clients().remove(None, &app.client.client.id).await.unwrap();
        assert_eq!(through.get(PATH).await.expect(401)["error"], Value::from("Invalid client"));
    })
    .await;
}
