//! Tokens of a Happy server whose accounts were taken over.

use aws_lc_rs::signature::Ed25519KeyPair;
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use serde_json::{Value, json};
use sync::import::Kind;

use crate::happy::{account, importer, take};
use crate::site::{Site, on_each_site};
use crate::socket::Socket;

/// The master secret of the contract's vectors (spec/sync.md §1.2).
pub(crate) const SECRET: &str = "test-master-secret";
const SEED: &[u8] = b"8a4d3e06c079028cd5c0451b9d981e387b6313f8ab66af45a3179f6f7d141cc7";

fn signed(seed: &[u8], header: &Value, claims: &Value) -> String {
    let pair = Ed25519KeyPair::from_seed_unchecked(seed).unwrap();
    let part = |json: &Value| BASE64URL_NOPAD.encode(json.to_string().as_bytes());
    let message = format!("{}.{}", part(header), part(claims));
    let signature = BASE64URL_NOPAD.encode(pair.sign(message.as_bytes()).as_ref());
    format!("{message}.{signature}")
}

fn claims(account: &str, more: &Value) -> Value {
    let mut claims =
        json!({ "sub": account, "iat": 1_780_000_000, "nbf": 1_780_000_000, "iss": "handy", "jti": "j" });
    for (name, value) in more.as_object().unwrap() {
        claims[name] = value.clone();
    }
    claims
}

/// A token as the old server made it, with more or other claims.
pub(crate) fn token(account: &str, more: &Value) -> String {
    signed(&HEXLOWER.decode(SEED).unwrap(), &json!({ "alg": "EdDSA" }), &claims(account, more))
}

async fn import(site: &Site, secret: Option<&str>) {
    let importer = importer(&site.store, secret).await;
    importer.trust_tokens().await.unwrap();
    take(&importer, Kind::Account, &[account("u1", 1)]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn are_good_listed_and_revoked_for_ever() {
    on_each_site(|site| async move {
        let old = token("u1", &json!({}));
        site.client.with_bearer(&old).get("/v1/sessions").await.expect(401);
        import(&site, None).await;
        site.client.with_bearer(&old).get("/v1/sessions").await.expect(401);
        import(&site, Some(SECRET)).await;
        let other = site.client.with_bearer(&token("u1", &json!({ "jti": "other" })));
        for _ in 0..2 {
            assert_eq!(other.get("/v1/account/profile").await.expect(200)["id"], "u1");
        }
        let socket = Socket::connect(site.client.base(), json!({ "token": old })).await.unwrap();
        assert_eq!(socket.ask("ping", &Value::Null).await, json!({}));
        let listed = other.get("/v1/auth/tokens").await.expect(200);
        let tokens = listed["tokens"].as_array().unwrap();
        assert_eq!(tokens.len(), 2, "one row each, however often it is used");
        let id = tokens.iter().find(|token| token["current"] == false).unwrap()["id"].as_str().unwrap();
        other.delete(&format!("/v1/auth/tokens/{id}")).await.expect(200);
        import(&site, Some(SECRET)).await;
        for _ in 0..2 {
            site.client.with_bearer(&old).get("/v1/sessions").await.expect(401);
        }
        let next = Site::start(site.store.clone()).await;
        next.client.with_bearer(&old).get("/v1/sessions").await.expect(401);
        other.get("/v1/sessions").await.expect(200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_one_is_refused() {
    on_each_site(|site| async move {
        import(&site, Some(SECRET)).await;
        let here = site.person().await.id().await;
        let seed = HEXLOWER.decode(SEED).unwrap();
        let good = token("u1", &json!({}));
        let (message, signature) = good.rsplit_once('.').unwrap();
        let other = token("u1", &json!({ "jti": "other" }));
        for wrong in [
            token("u2", &json!({})),
            token(&here, &json!({})),
            token("u1", &json!({ "iss": "github-happy" })),
            token("u1", &json!({ "exp": 1_780_000_001 })),
            token("u1", &json!({ "nbf": 32_503_680_000_i64 })),
            signed(&[7; 32], &json!({ "alg": "EdDSA" }), &claims("u1", &json!({}))),
            signed(&seed, &json!({ "alg": "none" }), &claims("u1", &json!({}))),
            signed(&seed, &json!({ "alg": "HS256" }), &claims("u1", &json!({}))),
            format!("{message}."),
            message.to_owned(),
            format!("{good}.x"),
            format!("{}.{signature}", other.rsplit_once('.').unwrap().0),
            token("u1", &json!({ "jti": "x".repeat(2000) })),
        ] {
            let refused = site.client.with_bearer(&wrong).get("/v1/sessions").await.expect(401);
            assert_eq!(refused, json!({ "error": "Invalid token" }), "{wrong}");
        }
        site.client.with_bearer(&good).get("/v1/sessions").await.expect(200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_terminals_do_not_delete_the_account_and_end_with_it() {
    on_each_site(|site| async move {
        import(&site, Some(SECRET)).await;
        let device = site.client.with_bearer(&token("u1", &json!({})));
        let terminal = site.client.with_bearer(&token("u1", &json!({ "session": "request" })));
        terminal.delete("/v1/account?confirm=u1").await.expect(403);
        device.delete("/v1/account?confirm=u1").await.expect(200);
        for client in [device, terminal] {
            client.get("/v1/sessions").await.expect(401);
        }
    })
    .await;
}
