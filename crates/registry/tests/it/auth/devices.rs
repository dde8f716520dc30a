//! Devices that were let in: listed, used, revoked.

use oci::TokenProblem;
use registry::auth::{Method, Presented};
use serde_json::{Value, json};
use store::v;

use super::presenting::basic;
use super::site::{Site, on_each_site, text};
use super::stand_in::{ALICE, BOB, CAROL};

async fn insert(site: &Site, id: &'static str, did: &'static str, hash: String) {
    let sql = "INSERT INTO registry_devices (id, did, handle, name, secret_hash, ip_address, user_agent, created_at)
               VALUES ($1, $2, 'old.test', 'old', $3, '', '', 1)";
    site.store.state.write(move |conn| conn.execute(sql, &[v(id), v(did), v(&hash)])).await.unwrap();
}

async fn hash_of(site: &Site, id: &'static str) -> String {
    let sql = "SELECT secret_hash FROM registry_devices WHERE id = $1";
    let found = site.store.state.read(move |conn| conn.query_one(sql, &[v(id)], |row| row.string(0)));
    let found: Result<String, store::Error> = found.await;
    found.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_logs_in_as_its_owner() {
    on_each_site(async |site| {
        let (secret, id) = site.device(ALICE, "laptop").await;
        let scope = [("scope", "repository:alice.test/app:push"), ("offline_token", "true")];
        for name in ["alice.test", "ALICE.TEST", ALICE] {
            let answer = site.token(Some((name, &secret)), &scope).await.expect(200);
            let token = site.auth.tokens().verify(&text(&answer, "token")).unwrap();
            assert_eq!((token.method, token.device.as_deref()), (Method::Device, Some(&*id)));
            assert_eq!(token.access.len(), 1);
        }
        for name in ["bob.test", BOB, "nobody.test", "x"] {
            site.token(Some((name, &secret)), &scope).await.expect(401);
        }
        assert!(matches!(
            site.auth.presented(&basic("alice.test", &secret), None).await.unwrap(),
            Presented::Login(_)
        ));
        let stored = site
            .store
            .state
            .read(|conn| conn.query("SELECT secret_hash FROM registry_devices", &[], |row| row.string(0)));
        let stored: Result<Vec<String>, store::Error> = stored.await;
        assert!(stored.unwrap().iter().all(|hash| !secret.contains(hash.as_str()) && hash.len() == 64));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn is_listed_and_revoked_by_its_owner() {
    on_each_site(async |site| {
        let (secret, id) = site.device(ALICE, "laptop").await;
        let (alice, bob) = (site.browser(ALICE).await, site.browser(BOB).await);
        site.http.get("/api/devices").await.expect(401);
        assert_eq!(bob.get("/api/devices").await.expect(200), json!([]));
        let listed = alice.get("/api/registry/devices").await.expect(200);
        let device = &listed[0];
        assert_eq!(
            (&device["id"], &device["name"], &device["ip_address"]),
            (&json!(id), &json!("laptop"), &json!("127.0.0.1"))
        );
        assert!(device.get("secret_hash").is_none() && text(device, "created_at").ends_with('Z'));

        let offline = [("offline_token", "true")];
        let answer = site.token(Some(("alice.test", &secret)), &offline).await.expect(200);
        let (token, refresh) = (text(&answer, "token"), text(&answer, "refresh_token"));
        let sibling = site.sibling().await;
        assert!(site.auth.tokens().verify(&token).is_ok() && sibling.auth.tokens().verify(&token).is_ok());

        let path = format!("/api/devices/{id}");
        site.http.delete(&path).await.expect(401);
        bob.delete(&path).await.expect(404);
        alice.with_header("origin", "https://evil.example").delete(&path).await.expect(403);
        assert!(site.auth.tokens().verify(&token).is_ok());
        alice.delete(&path).await.expect(204);
        alice.delete(&path).await.expect(404);
        alice.delete("/api/devices/%00").await.expect(404);
        assert_eq!(alice.get("/api/devices").await.expect(200), json!([]));

        assert_eq!(site.auth.tokens().verify(&token).unwrap_err(), TokenProblem::Invalid, "at once here");
        let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(30);
        while sibling.auth.tokens().verify(&token).is_ok() {
            assert!(tokio::time::Instant::now() < deadline, "within thirty seconds elsewhere");
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        for instance in [&site, &sibling] {
            instance.token(Some(("alice.test", &secret)), &[]).await.expect(401);
            let form = [("grant_type", "refresh_token"), ("refresh_token", &*refresh)];
            instance.token_by_form(&form).await.expect(401);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_another_registry_goes_on_working() {
    on_each_site(async |site| {
        let secret = "atcr_device_Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6";
        insert(&site, "imported-1", CAROL, bcrypt::hash(secret, 4).unwrap()).await;
        insert(&site, "imported-2", CAROL, "$2b$nonsense".into()).await;
        site.token(Some(("carol.test", "atcr_device_wrong")), &[]).await.expect(401);
        site.token(Some(("alice.test", secret)), &[]).await.expect(401);
        assert!(hash_of(&site, "imported-1").await.starts_with("$2"));
        let answer = site.token(Some(("carol.test", secret)), &[]).await.expect(200);
        let token = site.auth.tokens().verify(&text(&answer, "token")).unwrap();
        assert_eq!(token.device.as_deref(), Some("imported-1"));
        assert_eq!(hash_of(&site, "imported-1").await.len(), 64, "from now on its hash is a quick one");
        site.token(Some((CAROL, secret)), &[]).await.expect(200);
        site.browser(CAROL).await.delete("/api/devices/imported-1").await.expect(204);
        site.token(Some(("carol.test", secret)), &[]).await.expect(401);
        for n in 0..12 {
            let status = site.token(Some(("carol.test", &format!("atcr_device_{n}"))), &[]).await.status;
            assert!(status == 401 || (n > 5 && status == 429), "{n}: {status}");
        }
        site.token(Some(("carol.test", "atcr_device_more")), &[]).await.expect(429);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn its_use_is_noted_to_the_minute() {
    on_each_site(async |site| {
        let (secret, _) = site.device(ALICE, "laptop").await;
        let alice = site.browser(ALICE).await;
        assert_eq!(alice.get("/api/devices").await.expect(200)[0]["last_used"], Value::Null);
        site.token(Some(("alice.test", &secret)), &[]).await.expect(200);
        let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(20);
        while alice.get("/api/devices").await.expect(200)[0]["last_used"].is_null() {
            assert!(tokio::time::Instant::now() < deadline);
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    })
    .await;
}
