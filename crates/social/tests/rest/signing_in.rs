//! Registering, signing in, and what ends a token.

use serde_json::json;

use crate::site::{PASSWORD, on_each_site, on_each_site_of, registration};

#[tokio::test(flavor = "multi_thread")]
async fn people_register_and_sign_in() {
    on_each_site(|site| async move {
        let ann = site.person("Ann.B").await;
        let me = ann.http.get("/social/users/me").await.expect(200);
        assert_eq!((&me["username"], &me["local"]), (&json!("Ann.B"), &json!(true)));
        assert!(me.get("email").is_none() && !me.to_string().contains("argon2"));
        let again = site.client.post("/social/auth/register", &registration("ann.b")).await.expect(409);
        assert_eq!(again, json!({ "error": "username taken" }));
        let mut other = registration("other");
        other["email"] = json!("ANN.B@mail.example");
        let again = site.client.post("/social/auth/register", &other).await.expect(409);
        assert_eq!(again, json!({ "error": "email taken" }));
        for name in [json!({ "email": "Ann.B@mail.example" }), json!({ "username": "ANN.b" })] {
            let mut body = name.clone();
            body["password"] = json!(PASSWORD);
            let session = site.client.post("/social/auth/login", &body).await.expect(200);
            let token = session["token"].as_str().unwrap();
            site.client.with_bearer(token).get("/social/users/me").await.expect(200);
        }
        let wrong = json!({ "username": "ann.b", "password": "correct horsf" });
        let unknown = json!({ "email": "nobody@mail.example", "password": PASSWORD });
        let wrong = site.client.post("/social/auth/login", &wrong).await.expect(401);
        assert_eq!(
            wrong,
            site.client.post("/social/auth/login", &unknown).await.expect(401),
            "no difference"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_account_is_refused() {
    on_each_site(|site| async move {
        for (field, value) in
            [("username", "a b"), ("username", "me"), ("email", "nobody"), ("password", "short")]
        {
            let mut body = registration("ann");
            body[field] = json!(value);
            site.client.post("/social/auth/register", &body).await.expect(422);
        }
        site.client.post("/social/auth/register", &json!({})).await.expect(422);
        let mut last = 0;
        for _ in 0..10 {
            last = site
                .client
                .post("/social/auth/login", &json!({ "username": "x", "password": "y" }))
                .await
                .status;
        }
        assert_eq!(last, 429, "guesses are counted");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_instance_takes_nobody() {
    on_each_site_of(
        |config| social::SocialConfig { registration: false, ..config },
        |site| async move {
            site.client.post("/social/auth/register", &registration("ann")).await.expect(403);
            let browser =
                site.client.with_header("cookie", "browser=1").with_header("origin", crate::site::BASE);
            browser.post("/social/auth/atproto", &json!({ "username": "ann" })).await.expect(403);
        },
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_end() {
    on_each_site(|site| async move {
        let (ann, bob) = (site.person("ann").await, site.person("bob").await);
        let change = json!({ "oldPassword": "wrong", "newPassword": "battery staple" });
        ann.sends("PUT", "/social/auth/password", &change).await.expect(401);
        let change = json!({ "oldPassword": PASSWORD, "newPassword": "battery staple" });
        let session = ann.sends("PUT", "/social/auth/password", &change).await.expect(200);
        ann.http.get("/social/users/me").await.expect(401);
        ann.http.get("/social/users/bob").await.expect(401);
        let ann = site.client.with_bearer(session["token"].as_str().unwrap());
        ann.get("/social/users/me").await.expect(200);
        site.sql("UPDATE social_users SET suspended_at = 1 WHERE username = 'bob'").await;
        bob.http.get("/social/users/me").await.expect(401);
        ann.get("/social/users/bob").await.expect(404);
        let sign_in = json!({ "username": "bob", "password": PASSWORD });
        site.client.post("/social/auth/login", &sign_in).await.expect(403);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn people_of_the_at_protocol_have_profiles_here() {
    on_each_site(|site| async move {
        let browser = site.client.with_header("cookie", "browser=1");
        let wanted = json!({ "username": "ann" });
        browser.post("/social/auth/atproto", &wanted).await.expect(403);
        let browser = browser.with_header("origin", crate::site::BASE);
        browser.get("/social/users/me").await.expect(403);
        browser.post("/social/auth/atproto", &json!({})).await.expect(422);
        let first = browser.post("/social/auth/atproto", &wanted).await.expect(200);
        let second = browser.post("/social/auth/atproto", &json!({})).await.expect(200);
        assert_eq!(first["user"]["id"], second["user"]["id"]);
        assert_eq!(browser.get("/social/users/me").await.expect(200)["username"], "ann");
        let ann = site.client.with_bearer(first["token"].as_str().unwrap());
        ann.get("/social/users/me").await.expect(200);
        ann.post("/social/auth/atproto", &json!({})).await.expect(403);
        let foreign =
            site.client.with_header("cookie", "browser=1").with_header("origin", "https://evil.example");
        foreign.patch("/social/users/me", &json!({ "bio": "owned" })).await.expect(403);
    })
    .await;
}
