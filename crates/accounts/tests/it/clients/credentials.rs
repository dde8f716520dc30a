//! All kinds of credentials, in the order of spec/appview.md §3.2.

use accounts::{Actor, users::NewUser};
use atproto::Did;
use serde_json::{Value, json};
use testkit::HttpClient;

use super::{
    app::App,
    site::{Site, on_each_site},
};

const DID: &str = "did:plc:ewvi7nxzyoun6zhxrhs64oiz";
const XRPC: &str = "/xrpc/test.example.who";
const ADMIN: &str = "/admin/who";
const GUARDED: &str = "/admin/lexicons";

async fn browser(site: &Site) -> HttpClient {
    let started = site.accounts.browser_sessions.start(&Did::parse(DID).unwrap(), None).await.unwrap();
    let cookie = started.set_cookie.to_str().unwrap().split(';').next().unwrap().to_owned();
    site.http.with_header("cookie", &cookie)
}

pub(super) async fn make_user(site: &Site, did: &str, permissions: &[&str]) {
    let new = NewUser {
        did: Did::parse(did).unwrap(),
        template: None,
        permissions: permissions.iter().map(ToString::to_string).collect(),
    };
    site.accounts.users.create(&Actor::LocalOperator, new).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn each_surface_takes_its_credentials() {
    on_each_site(async |site| {
        make_user(&site, DID, &["lexicons:read"]).await;
        let device = App::start(&site, "app", "public").await.device(&site, DID).await;
        let browser = browser(&site).await;
        let key = site.accounts.keys.create(&Actor::LocalOperator, "k", &["lexicons:read"]).await.unwrap();
        let key = site.http.with_bearer(&key.key);

        for path in [XRPC, ADMIN] {
            let who = device.get(path).await.expect(200);
            assert_eq!((&who["kind"], &who["did"]), (&json!("dpop"), &json!(DID)), "{path}");
            assert_eq!(who["permissions"], json!(["lexicons:read"]));
            let who = browser.get(path).await.expect(200);
            assert_eq!((&who["kind"], &who["did"]), (&json!("browser"), &json!(DID)), "{path}");
            assert_eq!(who["permissions"], json!(["lexicons:read"]));
        }
        assert_eq!(key.get(ADMIN).await.expect(200)["kind"], "key");
        assert_eq!(key.get(XRPC).await.expect(401)["error"], "API keys are not accepted here");
        assert_eq!(device.get(GUARDED).await.status, 200);
        assert_eq!(browser.get(GUARDED).await.status, 200);
        assert_eq!(key.get(GUARDED).await.status, 200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_no_user_may_nothing_and_a_right_is_lost_at_once() {
    on_each_site(async |site| {
        let device = App::start(&site, "app", "public").await.device(&site, DID).await;
        let browser = browser(&site).await;
        let guarded = async || (device.get(GUARDED).await.status, browser.get(GUARDED).await.status);
        assert_eq!(device.get(ADMIN).await.expect(200)["permissions"], json!([]));
        assert_eq!(guarded().await, (403, 403));
        assert_eq!(device.get(GUARDED).await.expect(403), json!({ "error": "not a user" }));
        make_user(&site, DID, &["lexicons:read"]).await;
        assert_eq!(guarded().await, (200, 200));
        let user = site.accounts.users.find(&Did::parse(DID).unwrap()).await.unwrap().unwrap();
        let change =
            accounts::users::PermissionChange { grant: vec![], revoke: vec!["lexicons:read".to_owned()] };
        site.accounts.users.change_permissions(&Actor::LocalOperator, &user.id, &change).await.unwrap();
        assert_eq!(guarded().await, (403, 403));
        let told = site.told().await.into_iter().filter(|(kind, ..)| kind == "auth.permission_denied");
        let told: Vec<_> = told.map(|(_, actor, subject, detail)| (actor, subject, detail)).collect();
        let detail = json!({ "required_permission": "lexicons:read", "user_id": user.id });
        let denial = (Some(DID.to_owned()), GUARDED.to_owned(), detail);
        assert_eq!(told, [denial.clone(), denial], "of a user; who is none leaves no trace");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cookie_changes_something_for_pages_of_our_domains_only() {
    on_each_site(async |site| {
        let browser = browser(&site).await;
        let status = async |header: (&'static str, &str)| {
            browser.with_header(header.0, header.1).post(XRPC, &json!({})).await.status
        };
        let localhost = site.origin.replace("127.0.0.1", "localhost");
        for ours in [("origin", &*site.origin), ("origin", &localhost), ("sec-fetch-site", "same-origin")] {
            assert_eq!(status(ours).await, 200, "{ours:?}");
        }
        for other in [
            ("origin", "https://evil.example"),
            ("origin", "null"),
            ("origin", "http://127.0.0.1:1"),
            ("sec-fetch-site", "cross-site"),
            ("x-nothing", "said"),
        ] {
            assert_eq!(status(other).await, 403, "{other:?}");
        }
        assert_eq!(browser.with_header("origin", "null").get(XRPC).await.status, 200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_header_is_never_passed_over_for_a_good_cookie() {
    on_each_site(async |site| {
        let browser = browser(&site).await;
        assert_eq!(browser.get(XRPC).await.expect(200)["kind"], "browser");
        for header in [
            "Bearer x",
            "DPoP x",
            "Bearer hv_0",
            "Basic x",
            "x",
            "Bearer ",
            "Bearer eyJhbGciOiJub25lIn0.e30.",
        ] {
            for path in [XRPC, ADMIN] {
                let answer = browser.with_header("authorization", header).get(path).await;
                assert_eq!(answer.status, 401, "{header} on {path}: {answer:?}");
            }
        }
        let stale = site.http.with_header("cookie", &format!("happyview_session={}", "x".repeat(43)));
        assert_eq!(stale.get(XRPC).await.expect(200), Value::Null, "an old cookie is no claim");
        assert_eq!(stale.get(ADMIN).await.status, 401);
        assert_eq!(site.http.get(XRPC).await.expect(200), Value::Null);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mount_takes_no_credential_that_it_does_not_name() {
    on_each_site(async |site| {
        let device = App::start(&site, "app", "public").await.device(&site, DID).await;
        let bearer = site.http.with_bearer("eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiJ9.e30.c2ln");
        for (answer, refused) in [
            (device.get("/keys/who").await, "DPoP tokens are not accepted here"),
            (bearer.get("/keys/who").await, "Bearer tokens other than API keys (hv_…) are not accepted here"),
        ] {
            assert_eq!(answer.expect(401)["error"], refused);
        }
        assert_eq!(
            browser(&site).await.get("/keys/who").await.expect(200),
            Value::Null,
            "a cookie says nothing here"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_method_in_another_spelling_does_not_pass_for_a_route_that_is_none() {
    on_each_site(async |site| {
        let bearer = site.http.with_bearer("eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiJ9.e30.c2ln");
        for path in ["/xrpc/test.example%2Ewho", "/xrpc/test.example.who%20", "/xrpc/x"] {
            assert_eq!(bearer.get(path).await.expect(401)["error"], "Not the name of a method", "{path}");
        }
        assert_ne!(bearer.get(XRPC).await.expect(401)["error"], "Not the name of a method");
    })
    .await;
}
