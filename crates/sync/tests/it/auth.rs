//! Becoming somebody, and being nobody any more.

use aws_lc_rs::signature::Ed25519KeyPair;
use data_encoding::BASE64;
use serde_json::json;
use testkit::relay::credentials;

use crate::site::on_each_site;
use crate::socket::Socket;

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_an_account() {
    on_each_site(|site| async move {
        let key = Ed25519KeyPair::generate().unwrap();
        let mut ids = Vec::new();
        for challenge in [b"one", b"two"] {
            let answer = site.client.post("/v1/auth", &credentials(&key, challenge)).await.expect(200);
            let http = site.client.with_bearer(answer["token"].as_str().unwrap());
            ids.push(http.get("/v1/account/profile").await.expect(200)["id"].clone());
        }
        assert_eq!(ids[0], ids[1]);
        let mut forged = credentials(&key, b"one");
        forged["challenge"] = json!(BASE64.encode(b"two"));
        let refused = site.client.post("/v1/auth", &forged).await.expect(401);
        assert_eq!(refused, json!({ "error": "Invalid signature" }));
        for field in ["publicKey", "challenge", "signature"] {
            let mut broken = credentials(&key, b"one");
            broken[field] = json!("AAAA_-");
            site.client.post("/v1/auth", &broken).await.expect(401);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_challenge_of_ours_is_good_once() {
    on_each_site(|site| async move {
        let key = Ed25519KeyPair::generate().unwrap();
        let issued = site.client.post("/v1/auth/challenge", &json!({})).await.expect(200);
        let challenge = BASE64.decode(issued["challenge"].as_str().unwrap().as_bytes()).unwrap();
        site.client.post("/v1/auth", &credentials(&key, &challenge)).await.expect(200);
        site.client.post("/v1/auth", &credentials(&key, &challenge)).await.expect(401);
        let mut unknown = challenge.clone();
        *unknown.last_mut().unwrap() ^= 1;
        site.client.post("/v1/auth", &credentials(&key, &unknown)).await.expect(401);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_are_listed_and_revoked_with_their_sockets() {
    on_each_site(|site| async move {
        let (ann, bob) = (site.person().await, site.person().await);
        let socket = ann.socket().await;
        let listed = ann.http.get("/v1/auth/tokens").await.expect(200);
        let id = listed["tokens"][0]["id"].as_str().unwrap().to_owned();
        assert_eq!(
            (&listed["tokens"][0]["current"], &listed["tokens"][0]["origin"]),
            (&json!(true), &json!("login"))
        );
        assert!(!listed.to_string().contains(&ann.token));
        bob.http.delete(&format!("/v1/auth/tokens/{id}")).await.expect(404);
        ann.http.get("/v1/sessions").await.expect(200);
        ann.http.delete(&format!("/v1/auth/tokens/{id}")).await.expect(200);
        assert_eq!(ann.http.get("/v1/sessions").await.expect(401), json!({ "error": "Invalid token" }));
        drop(socket);
        let auth = json!({ "token": ann.token });
        let refused = Socket::connect(site.client.base(), auth).await.err().unwrap();
        assert_eq!(refused, "Invalid authentication token");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_credential_is_none_and_what_is_wrong_is_refused() {
    on_each_site(|site| async move {
        let missing = json!({ "error": "Missing authorization header" });
        assert_eq!(site.client.get("/v1/sessions").await.expect(401), missing);
        for other in ["bearer x", "Basic x", "Bearer"] {
            let client = site.client.with_header("authorization", other);
            assert_eq!(client.get("/v1/sessions").await.expect(401), missing, "{other}");
        }
        let person = site.person().await;
        let (head, tail) = person.token.split_at(40);
        for wrong in ["x", "bv1.", &format!("{head}A{}", &tail[1..])] {
            if *wrong != person.token {
                let client = site.client.with_bearer(wrong);
                assert_eq!(client.get("/v1/sessions").await.expect(401), json!({ "error": "Invalid token" }));
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn handshakes_are_refused_in_order() {
    on_each_site(|site| async move {
        let person = site.person().await;
        let token = &person.token;
        for (auth, refusal) in [
            (json!({}), "Missing authentication token"),
            (json!({ "token": 7 }), "Missing authentication token"),
            (
                json!({ "token": "x", "clientType": "session-scoped" }),
                "Session ID required for session-scoped clients",
            ),
            (
                json!({ "token": token, "clientType": "machine-scoped" }),
                "Machine ID required for machine-scoped clients",
            ),
            (json!({ "token": "x" }), "Invalid authentication token"),
        ] {
            let refused = Socket::connect(site.client.base(), auth).await.err().unwrap();
            assert_eq!(refused, refusal);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_operator_revokes_is_noticed_by_sockets() {
    on_each_site(|site| async move {
        let (ann, bob) = (site.person().await, site.person().await);
        let (mut socket, bobs) = (ann.socket().await, bob.socket().await);
        ann.http.get("/v1/sessions").await.expect(200);
        // As the command does it: on the database, beside the server.
        let revoked = sync::Operator::new(site.store.state.clone()).revoke_tokens(&ann.id().await).await;
        assert_eq!(revoked.unwrap(), 1);
        let refused = Socket::connect(site.client.base(), json!({ "token": ann.token })).await;
        assert_eq!(refused.err().unwrap(), "Invalid authentication token", "whatever is remembered");
        socket.until("disconnect", |_| true).await;
        assert_eq!(bobs.ask("ping", &json!(null)).await, json!({}));
    })
    .await;
}
