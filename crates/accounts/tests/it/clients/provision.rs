//! `POST /oauth/dpop-keys`: every client proves itself its way.

use std::time::{Duration, Instant};

use accounts::clients::{Change, ClientChange};
use atproto::{jose::PrivateJwk, oauth::pkce};
use serde_json::json;
use testkit::Answer;

use super::{
    app::{App, VERIFIER},
    site::{Ground, NOWHERE, Site, new_client, on_each_site},
};
use crate::support::on_each_engine;

fn error(answer: &Answer, status: u16) -> String {
    answer.expect(status)["error"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_made_handed_out_and_kept_sealed() {
    on_each_site(async |site| {
        let app = App::start(&site, "app", "confidential").await;
        let answer = app.http.post("/oauth/dpop-keys", &json!({})).await;
        assert_eq!(answer.header("cache-control"), "no-store");
        let made = answer.expect(201);
        let provision_id = made["provision_id"].as_str().unwrap();
        assert!(provision_id.starts_with("hvp_") && provision_id.len() == 36);
        let jwk = made["dpop_key"].as_object().unwrap();
        let members: Vec<_> = jwk.keys().map(String::as_str).collect();
        assert_eq!(members, ["crv", "d", "kty", "x", "y"]);
        let key = PrivateJwk::parse(made["dpop_key"].to_string().as_bytes()).unwrap();
        let sealed = site.state.read(|conn| {
            conn.query_one::<_, store::Error>("SELECT private_key_enc FROM dpop_keys", &[], |row| {
                Ok(row.blob(0)?.to_vec())
            })
        });
        let sealed = sealed.await.unwrap();
        let scalar = key.secret().to_scalar();
        assert!(!sealed.windows(32).any(|window| window == scalar), "sealed at rest");
        assert!(!String::from_utf8_lossy(&sealed).contains(jwk["d"].as_str().unwrap()));
        let (kind, _, subject, detail) = site.told().await.pop().unwrap();
        assert_eq!((&*kind, &*subject), ("dpop_key.provisioned", provision_id));
        let expected =
            json!({ "client_key": app.client.client.client_key, "thumbprint": key.public().thumbprint() });
        assert_eq!(detail, expected);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_confidential_client_needs_its_secret() {
    on_each_site(async |site| {
        let app = App::start(&site, "app", "confidential").await;
        let other = App::start(&site, "other", "confidential").await;
        let provision = async |http: &testkit::HttpClient| http.post("/oauth/dpop-keys", &json!({})).await;
        assert_eq!(error(&provision(&site.http).await, 401), "X-Client-Key header required");
        let missing = "non-public clients must provide X-Client-Secret";
        assert_eq!(error(&provision(&app.named).await, 401), missing);
        let challenge = json!({ "pkce_challenge": pkce::challenge(VERIFIER) });
        assert_eq!(
            error(&app.named.post("/oauth/dpop-keys", &challenge).await, 401),
            missing,
            "no way around it"
        );
        let foreign = other.client.client_secret.as_deref().unwrap();
        for wrong in [foreign, "hvs_", "", &foreign[..67]] {
            let http = app.named.with_header("x-client-secret", wrong);
            assert_eq!(error(&provision(&http).await, 401), "invalid client credentials");
        }
        for key in ["hvc_00000000000000000000000000000000", "", &"x".repeat(10_000)] {
            let http = app.http.with_header("x-client-key", key);
            assert_eq!(error(&provision(&http).await, 401), "Invalid client");
        }
        let twice =
            app.http.request(reqwest::Method::POST, "/oauth/dpop-keys").header("x-client-key", "hvc_1");
        let twice = app.http.send(twice.json(&json!({}))).await;
        assert_eq!(error(&twice, 401), "More than one x-client-key header");
        assert!(
            error(&app.http.post("/oauth/dpop-keys", &json!([])).await, 400)
                .starts_with("invalid request body")
        );
        assert_eq!(site.count("SELECT count(*) FROM dpop_keys").await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_public_client_needs_a_challenge_and_its_origin() {
    on_each_site(async |site| {
        let app = App::start(&site, "app", "public").await;
        let path = "/oauth/dpop-keys";
        assert_eq!(
            error(&app.http.post(path, &json!({})).await, 400),
            "public clients must provide pkce_challenge"
        );
        for bad in ["", "plain", VERIFIER] {
            let answer = app.http.post(path, &json!({ "pkce_challenge": bad })).await;
            assert!(error(&answer, 400).starts_with("pkce_challenge: "), "{bad}");
        }
        let good = json!({ "pkce_challenge": pkce::challenge(VERIFIER) });
        drop(app.http.post(path, &good).await.expect(201));
        let secret = app.http.with_header("x-client-secret", "hvs_0");
        assert_eq!(error(&secret.post(path, &good).await, 401), "invalid client credentials");

        let change = ClientChange {
            allowed_origins: Change::Set(vec!["https://web.example.com".to_owned()]),
            ..ClientChange::default()
        };
        site.clients().update(None, &app.client.client.id, change).await.unwrap();
        assert_eq!(
            error(&app.http.post(path, &good).await, 401),
            "Origin header required for public clients"
        );
        for origin in ["https://web.example.com", "https://app.example.com"] {
            drop(app.http.with_header("origin", origin).post(path, &good).await.expect(201));
        }
        for origin in ["https://web.example.com.evil.example", "http://web.example.com", "null"] {
            let answer = app.http.with_header("origin", origin).post(path, &good).await;
            assert_eq!(error(&answer, 401), "origin not allowed for this client", "{origin}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_inactive_client_or_one_below_it_is_refused_at_once() {
    on_each_site(async |site| {
        let parent = App::start(&site, "parent", "confidential").await;
        let child = App::start(&site, "child", "confidential").await;
        let (parent_id, child_id) = (&parent.client.client.id, &child.client.client.id);
        site.sql("UPDATE api_clients SET parent_client_id = $1 WHERE id = $2", &[parent_id, child_id]).await;
        let tries = async |app: &App| app.http.post("/oauth/dpop-keys", &json!({})).await.status;
        assert_eq!((tries(&parent).await, tries(&child).await), (201, 201));
        let active = |is_active| ClientChange { is_active: Some(is_active), ..ClientChange::default() };
        site.clients().update(None, parent_id, active(false)).await.unwrap();
        assert_eq!((tries(&parent).await, tries(&child).await), (401, 401));
        site.clients().update(None, parent_id, active(true)).await.unwrap();
        site.clients().update(None, child_id, active(false)).await.unwrap();
        assert_eq!((tries(&parent).await, tries(&child).await), (201, 401));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_nobody_uses_expires() {
    on_each_site(async |site: Site| {
        let app =
            App::new(&site, site.clients().create(None, new_client("app", "confidential")).await.unwrap());
        let (provision_id, _) = app.provision().await;
        let register = json!({
            "provision_id": provision_id, "did": "did:plc:ewvi7nxzyoun6zhxrhs64oiz", "access_token": "t",
            "scopes": "atproto",
        });
        let early = app.http.post("/oauth/sessions", &register).await;
        assert_eq!(early.status, 502, "only the PDS is missing: {early:?}");
        site.sql("UPDATE dpop_keys SET created_at = created_at - 3599000000", &[]).await;
        assert_eq!(app.http.post("/oauth/sessions", &register).await.status, 502);
        site.sql("UPDATE dpop_keys SET created_at = created_at - 1000000", &[]).await;
        let late = app.http.post("/oauth/sessions", &register).await;
        assert_eq!(error(&late, 400), "unknown or expired provision_id; ask for a new key");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_without_a_use_are_swept_away() {
    on_each_engine(async |store| {
        let ground = Ground::new(&store, NOWHERE);
        let site = Site::start(&ground).await;
        let app = App::start(&site, "app", "confidential").await;
        app.provision().await;
        let did = "did:plc:ewvi7nxzyoun6zhxrhs64oiz";
        let (used, over) = (app.device(&site, did).await, app.device(&site, did).await);
        site.sql("DELETE FROM pds_sessions WHERE id = $1", &[&over.session_id]).await;
        site.sql("UPDATE dpop_keys SET created_at = 1", &[]).await;
        let (fresh, _) = app.provision().await;
        let _sweeps_when_it_starts = site.sibling(&ground).await;
        let started = Instant::now();
        while site.count("SELECT count(*) FROM dpop_keys").await > 2 {
            assert!(started.elapsed() < Duration::from_secs(5));
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        for kept in [&used.provision_id, &fresh] {
            let sql = "UPDATE dpop_keys SET created_at = 2 WHERE provision_id = $1";
            assert_eq!(site.sql(sql, &[kept]).await, 1);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_are_not_made_without_end() {
    on_each_site(async |site| {
        let app = App::start(&site, "app", "public").await;
        let bucket = format!("dpop-keys:{}", app.client.client.client_key);
        // What a thousand requests would have taken.
        assert!(site.cache.token_bucket(&bucket, 1000, 10.0, 1000).await.unwrap().allowed);
        let body = json!({ "pkce_challenge": pkce::challenge(VERIFIER) });
        let answer = app.http.post("/oauth/dpop-keys", &body).await;
        assert_eq!(answer.header("retry-after"), "1");
        assert_eq!(answer.expect(429), json!({ "error": "RateLimited", "message": "Too many requests" }));
        let other = App::start(&site, "other", "public").await;
        drop(other.http.post("/oauth/dpop-keys", &body).await.expect(201));
    })
    .await;
}
