//! `/auth/token` as clients use it.

use data_encoding::BASE64URL_NOPAD;
use oci::{Actions, TokenProblem};
use registry::auth::Method;
use serde_json::{Value, json};
use testkit::Answer;

use super::site::{LOCAL, LOCAL_PASSWORD, Site, on_each_site, text};
use super::stand_in::{ALICE, PASSWORD};

fn claims(token: &str) -> Value {
    let claims = BASE64URL_NOPAD.decode(token.split('.').nth(1).unwrap().as_bytes()).unwrap();
    serde_json::from_slice(&claims).unwrap()
}

/// Resources and actions of the token in an answer.
fn access(answer: &Answer) -> Value {
    let claims = claims(&text(&answer.expect(200), "token"));
    let entries = claims["access"].as_array().unwrap();
    entries.iter().map(|entry| json!([entry["name"], entry["actions"]])).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_says_what_was_granted() {
    on_each_site(async |site| {
        let scope = [("scope", "repository:alice.test/app:pull,push"), ("service", "registry.test")];
        let answer = site.token(Some(("alice.test", PASSWORD)), &scope).await;
        let body = answer.expect(200);
        assert_eq!((&body["token"], &body["expires_in"]), (&body["access_token"], &json!(300)));
        assert!(body.get("refresh_token").is_none());
        assert_eq!(answer.header("cache-control"), "no-store");
        let claims = claims(&text(&body, "token"));
        let now = clock::now_micros() / 1_000_000;
        let issued = claims["iat"].as_i64().unwrap();
        assert!((now - 60..=now).contains(&issued) && claims["exp"] == issued + 300 && claims["nbf"] == issued);
        let year = &text(&body, "issued_at")[..4];
        assert!(year >= "2025" && text(&body, "issued_at").ends_with('Z'));
        assert_eq!((&claims["iss"], &claims["aud"], &claims["sub"]), (&json!("registry.test"), &json!("registry.test"), &json!(ALICE)));
        assert_eq!((&claims["auth_method"], &claims["handle"]), (&json!("app_password"), &json!("alice.test")));
        let entry = json!({ "type": "repository", "name": "alice.test/app", "actions": ["pull", "push"], "did": ALICE });
        assert_eq!(claims["access"], json!([entry]));
        let token = site.auth.tokens().verify(&text(&body, "token")).unwrap();
        assert_eq!((token.subject.as_ref().unwrap().as_str(), token.method), (ALICE, Method::AppPassword));
        for name in ["alice.test/app", "did-plc-aaaaaaaaaaaaaaaaaaaaaaaa/app"] {
            assert_eq!(token.actions(&site.repository(name).await), Actions::PULL | Actions::PUSH, "{name}");
        }
        assert!(token.actions(&site.repository("alice.test/other").await).is_empty());
        assert!(token.actions(&site.repository("bob.test/app").await).is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn getting_less_is_no_error() {
    on_each_site(async |site| {
        let nobody = None;
        let alice = Some(("alice.test", PASSWORD));
        let scope = |scope| [("scope", scope)];
        for (login, asked, granted) in [
            (nobody, "repository:alice.test/app:pull", json!([["alice.test/app", ["pull"]]])),
            (nobody, "repository:alice.test/app:pull,push", json!([["alice.test/app", ["pull"]]])),
            (nobody, "repository:alice.test/app:*", json!([["alice.test/app", ["pull"]]])),
            (nobody, "repository:alice.test/private:pull", json!([])),
            (nobody, "repository:nobody.test/app:pull", json!([])),
            (nobody, "repository:no_name:pull", json!([])),
            (nobody, "", json!([])),
            (
                alice,
                "repository:alice.test/private:*",
                json!([["alice.test/private", ["pull", "push", "delete"]]]),
            ),
            (alice, "repository:bob.test/app:pull,push,delete", json!([["bob.test/app", ["pull"]]])),
            (alice, "repository:alice.test/app:fly", json!([])),
            // Whatever the policy says, nobody writes to what is somebody else's.
            (alice, "repository:bob.test/open:*", json!([["bob.test/open", ["pull"]]])),
            (nobody, "repository:bob.test/open:push", json!([])),
        ] {
            assert_eq!(access(&site.token(login, &scope(asked)).await), granted, "{login:?} {asked}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn several_scopes_are_one_token() {
    on_each_site(async |site| {
        let alice = Some(("alice.test", PASSWORD));
        let mount =
            [("scope", "repository:alice.test/app:pull,push"), ("scope", "repository:bob.test/app:pull")];
        let both = json!([["alice.test/app", ["pull", "push"]], ["bob.test/app", ["pull"]]]);
        assert_eq!(access(&site.token(alice, &mount).await), both);
        let joined = [("scope", "repository:alice.test/app:pull,push repository:bob.test/app:pull")];
        assert_eq!(access(&site.token(alice, &joined).await), both);
        let spelled =
            format!("repository:{ALICE}/app:pull repository:alice.test/app:push registry:catalog:*");
        let answer = site.token(alice, &[("scope", &spelled)]).await;
        let one = json!([[format!("{ALICE}/app"), ["pull", "push"]], ["catalog", ["*"]]]);
        assert_eq!(access(&answer), one, "one repository under two names, one of them with colons");
        assert!(site.auth.tokens().verify(&text(&answer.json(), "token")).unwrap().catalog);
        assert_eq!(
            text(&answer.json(), "scope"),
            format!("repository:{ALICE}/app:pull,push registry:catalog:*")
        );
        let many = "repository:alice.test/app:pull ".repeat(17);
        site.token(alice, &[("scope", &many), ("scope", &many)]).await.expect(400);
        site.token(alice, &[("scope", "nonsense")]).await.expect(400);
        let broken = site.token(alice, &[("scope", "repository:alice.test/broken:pull")]).await.expect(500);
        assert!(!broken.to_string().contains("fire"), "nothing internal is told");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_is_a_token_for_nothing() {
    on_each_site(async |site| {
        for login in [("alice.test", PASSWORD), (ALICE, PASSWORD), ("local.test", LOCAL_PASSWORD)] {
            assert_eq!(access(&site.token(Some(login), &[]).await), json!([]), "{login:?}");
        }
        let local = site.token(Some(("local.test", LOCAL_PASSWORD)), &[]).await.expect(200);
        let token = site.auth.tokens().verify(&text(&local, "token")).unwrap();
        assert_eq!((token.method, token.subject.as_ref().unwrap().as_str()), (Method::Local, LOCAL));
        let nobody = site.token(Some(("", "")), &[]).await.expect(200);
        let token = site.auth.tokens().verify(&text(&nobody, "token")).unwrap();
        assert_eq!((token.method, &token.subject), (Method::Anonymous, &None));
        let refused = site.token(Some(("alice.test", "wrong")), &[]).await;
        let body = refused.expect(401);
        assert_eq!(
            (&body["errors"][0]["code"], &body["error"]),
            (&json!("UNAUTHORIZED"), &json!("invalid_grant"))
        );
        assert_eq!(refused.header("www-authenticate"), r#"Basic realm="registry.test", charset="UTF-8""#);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn oauth_gets_the_same() {
    on_each_site(async |site| {
        let scope = ("scope", "repository:alice.test/app:pull,push");
        let password =
            [("grant_type", "password"), ("username", "alice.test"), ("password", PASSWORD), scope];
        let answer = site.token_by_form(&password).await;
        assert_eq!(access(&answer), json!([["alice.test/app", ["pull", "push"]]]));
        assert!(answer.json().get("refresh_token").is_none(), "nobody asked for one");
        let offline = site.token_by_form(&[&password[..], &[("access_type", "offline")]].concat()).await;
        let refresh = text(&offline.expect(200), "refresh_token");
        assert_eq!(
            site.auth.tokens().verify(&refresh).unwrap_err(),
            TokenProblem::Invalid,
            "it is no access token"
        );
        let form = [("grant_type", "refresh_token"), ("refresh_token", &refresh), scope];
        assert_eq!(access(&site.token_by_form(&form).await), json!([["alice.test/app", ["pull", "push"]]]));
        let access_token = text(&offline.json(), "access_token");
        let form = [("grant_type", "refresh_token"), ("refresh_token", &access_token)];
        let refused = site.token_by_form(&form).await;
        assert!(refused.status == 401 && refused.header("www-authenticate").starts_with("Basic "));
        let local = [("grant_type", "password"), ("username", "local.test"), ("password", LOCAL_PASSWORD)];
        let local =
            site.token_by_form(&[&local[..], &[("access_type", "offline")]].concat()).await.expect(200);
        assert!(local.get("refresh_token").is_none(), "a local account has its password");
        for (form, error) in [
            (&[("grant_type", "magic")][..], "unsupported_grant_type"),
            (&[], "invalid_request"),
            (&[("grant_type", "password"), ("username", "alice.test")], "invalid_request"),
            (&[("grant_type", "refresh_token")], "invalid_request"),
        ] {
            assert_eq!(site.token_by_form(form).await.expect(400)["error"], error, "{form:?}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn all_instances_have_one_key() {
    on_each_site(async |site: Site| {
        let sibling = site.sibling().await;
        let scope = [("scope", "repository:alice.test/app:pull")];
        let token = text(&site.token(None, &scope).await.expect(200), "token");
        let there = sibling.auth.tokens().verify(&token).unwrap();
        assert_eq!(there.actions(&sibling.repository("alice.test/app").await), Actions::PULL);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_who_cannot_be_found_now_keeps_nobody_from_the_rest() {
    on_each_site(async |site| {
        site.pds().break_handle("dave.test");
        let (alice, dave) = ("repository:alice.test/app:pull", "repository:dave.test/app:pull");
        let both = site.token(None, &[("scope", dave), ("scope", alice)]).await;
        assert_eq!(access(&both), json!([["alice.test/app", ["pull"]]]));
        site.token(None, &[("scope", dave)]).await.expect(502);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handle_that_its_account_does_not_claim_is_nobodys() {
    on_each_site(async |site| {
        site.pds().stray("mallory.test", ALICE);
        let scope = [("scope", "repository:mallory.test/app:pull,push")];
        assert_eq!(access(&site.token(Some(("alice.test", PASSWORD)), &scope).await), json!([]));
    })
    .await;
}
