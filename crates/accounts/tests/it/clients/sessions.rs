//! `/oauth/sessions/{did}`: who may see and end sessions (spec/appview.md §7.3).

use reqwest::Method;
use serde_json::{Value, json};

use super::{
    app::{App, Device},
    site::{Site, on_each_site},
};

const ALICE: &str = "did:plc:ewvi7nxzyoun6zhxrhs64oiz";
const BOB: &str = "did:plc:bobbobbobbobbobbobbobbob";
const WHO: &str = "/xrpc/test.example.who";

fn of(did: &str) -> String {
    format!("/oauth/sessions/{did}")
}

fn devices_of(did: &str) -> String {
    format!("/oauth/sessions/{did}/devices")
}

async fn alive(devices: &[&Device]) -> Vec<bool> {
    let mut alive = Vec::new();
    for device in devices {
        alive.push(device.get(WHO).await.status == 200);
    }
    alive
}

fn ids(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|device| device["id"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_sees_its_session_and_those_beside_it() {
    on_each_site(async |site| {
        let app = App::start(&site, "app", "public").await;
        let (phone, laptop) = (app.device(&site, ALICE).await, app.device(&site, ALICE).await);
        app.device(&site, BOB).await;
        let expected = json!({ "did": ALICE, "scopes": ["atproto", "transition:generic"] });
        assert_eq!(phone.get(&of(ALICE)).await.expect(200), expected);
        let listed = phone.get(&devices_of(ALICE)).await.expect(200);
        assert_eq!(ids(&listed), [&*laptop.session_id, &*phone.session_id], "newest first");
        let fields: Vec<_> = listed[0].as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(fields, ["created_at", "dpop_key_id", "id", "scopes", "updated_at"]);
        // Clients write the DID as they please, and sign what they wrote.
        assert_eq!(phone.get(&of(&ALICE.replace(':', "%3A"))).await.expect(200), expected);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_reaches_no_other_account() {
    on_each_site(async |site| {
        let app = App::start(&site, "app", "public").await;
        let (alice, bob) = (app.device(&site, ALICE).await, app.device(&site, BOB).await);
        let of_bob = format!("{}/{}", devices_of(BOB), bob.session_id);
        for answer in [
            alice.get(&of(BOB)).await,
            alice.get(&devices_of(BOB)).await,
            alice.delete(&of(BOB)).await,
            alice.delete(&of_bob).await,
        ] {
            assert_eq!(answer.expect(403)["error"], "this key belongs to a session of another account");
        }
        // Bob's session under Alice's name is not there.
        let answer = alice.delete(&format!("{}/{}", devices_of(ALICE), bob.session_id)).await;
        assert_eq!(answer.expect(404)["error"], "session not found");
        assert_eq!(alive(&[&alice, &bob]).await, [true, true]);
        let nonsense = alice.get(&of("alice.test")).await;
        assert!(nonsense.expect(400)["error"].as_str().unwrap().starts_with("did: "));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_on_a_device_ends_that_session_and_its_key_only() {
    on_each_site(async |site| {
        let app = App::start(&site, "app", "public").await;
        let (phone, laptop) = (app.device(&site, ALICE).await, app.device(&site, ALICE).await);
        assert_eq!(alive(&[&phone, &laptop]).await, [true, true]);
        assert_eq!(phone.delete(&of(ALICE)).await.expect(204), Value::Null);
        assert_eq!(alive(&[&phone, &laptop]).await, [false, true]);
        assert_eq!(site.count("SELECT count(*) FROM dpop_keys").await, 1);
        assert_eq!(phone.delete(&of(ALICE)).await.status, 401, "its key is no key any more");
        let (kind, actor, subject, _) = site.told().await.pop().unwrap();
        assert_eq!((&*kind, actor.as_deref()), ("dpop_session.deleted", Some(ALICE)));
        assert_eq!(subject, app.client.client.client_key);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_device_is_signed_out_from_another() {
    on_each_site(async |site| {
        let app = App::start(&site, "app", "public").await;
        let (phone, laptop) = (app.device(&site, ALICE).await, app.device(&site, ALICE).await);
        assert_eq!(alive(&[&phone, &laptop]).await, [true, true]);
        let path = format!("{}/{}", devices_of(ALICE), phone.session_id);
        assert_eq!(laptop.delete(&path).await.expect(204), Value::Null);
        assert_eq!(alive(&[&phone, &laptop]).await, [false, true]);
        assert_eq!(laptop.delete(&path).await.expect(404)["error"], "session not found");
        // The form of `htu` that existing clients sign on these routes.
        let mut claims = laptop.claims("GET", &devices_of(ALICE));
        claims["htu"] = format!("{}/sessions/{ALICE}/devices", site.origin).into();
        let proof = laptop.sign(&laptop.header(), &claims);
        let listed = laptop.send(laptop.with_proof(Method::GET, &devices_of(ALICE), &proof)).await;
        assert_eq!(ids(&listed.expect(200)), [&*laptop.session_id]);
        claims["htu"] = format!("{}/sessions/{ALICE}", site.origin).into();
        let proof = laptop.sign(&laptop.header(), &claims);
        let other = laptop.send(laptop.with_proof(Method::GET, &of(ALICE), &proof)).await;
        assert_eq!(other.status, 401, "on these routes only");
        let (kind, _, _, detail) = site.told().await.pop().unwrap();
        assert_eq!(
            (&*kind, detail),
            ("dpop_session.device_deleted", json!({ "session_id": phone.session_id }))
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_confidential_client_deals_with_all_devices_of_its_users() {
    on_each_site(async |site| {
        let app = App::start(&site, "app", "confidential").await;
        let other = App::start(&site, "other", "confidential").await;
        let (one, two) = (app.device(&site, ALICE).await, app.device(&site, ALICE).await);
        let (bob, elsewhere) = (app.device(&site, BOB).await, other.device(&site, ALICE).await);
        let all = [&one, &two, &bob, &elsewhere];
        assert_eq!(alive(&all).await, [true; 4]);
        let expected = json!({ "did": ALICE, "scopes": ["atproto", "transition:generic"] });
        assert_eq!(app.http.get(&of(ALICE)).await.expect(200), expected);
        assert_eq!(
            ids(&app.http.get(&devices_of(ALICE)).await.expect(200)),
            [&*two.session_id, &*one.session_id]
        );
        let of_other = format!("{}/{}", devices_of(ALICE), elsewhere.session_id);
        assert_eq!(app.http.delete(&of_other).await.status, 404, "a session of another client");
        drop(app.http.delete(&format!("{}/{}", devices_of(ALICE), one.session_id)).await.expect(204));
        assert_eq!(alive(&all).await, [false, true, true, true]);
        drop(app.http.delete(&of(ALICE)).await.expect(204));
        assert_eq!(alive(&all).await, [false, false, true, true]);
        assert_eq!(app.http.get(&of(ALICE)).await.expect(404)["error"], "session not found");
        assert_eq!(site.count("SELECT count(*) FROM dpop_keys").await, 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_of_a_confidential_client_may_sign_instead() {
    on_each_site(async |site| {
        let app = App::start(&site, "app", "confidential").await;
        let (one, two) = (app.device(&site, ALICE).await, app.device(&site, ALICE).await);
        assert_eq!(alive(&[&one, &two]).await, [true, true]);
        drop(one.delete(&of(ALICE)).await.expect(204));
        assert_eq!(alive(&[&one, &two]).await, [false, true], "without the secret, only its own");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_proves_nothing_learns_nothing() {
    on_each_site(async |site: Site| {
        let public = App::start(&site, "public", "public").await;
        let secret = App::start(&site, "secret", "confidential").await;
        let device = public.device(&site, ALICE).await;
        let error = async |request: reqwest::RequestBuilder| {
            site.http.send(request).await.expect(401)["error"].as_str().unwrap().to_owned()
        };
        let path = format!("{}/{}", devices_of(ALICE), device.session_id);
        for (method, path) in [
            (Method::GET, of(ALICE)),
            (Method::DELETE, of(ALICE)),
            (Method::GET, devices_of(ALICE)),
            (Method::DELETE, path),
        ] {
            let plain = |app: &App| app.named.request(method.clone(), &path);
            assert_eq!(error(site.http.request(method.clone(), &path)).await, "X-Client-Key header required");
            assert_eq!(error(plain(&secret)).await, "non-public clients must provide X-Client-Secret");
            let wrong = plain(&secret).header("x-client-secret", "hvs_0");
            assert_eq!(error(wrong).await, "invalid client credentials");
            let wrong = plain(&public).header("x-client-secret", "hvs_0");
            assert_eq!(error(wrong).await, "invalid client credentials", "a public client has no secret");
            let missing = "public clients must provide Authorization: DPoP <token>";
            assert_eq!(error(plain(&public)).await, missing);
            assert_eq!(error(plain(&public).bearer_auth("t")).await, missing);
            let unproved = plain(&public).header("authorization", "DPoP t");
            assert_eq!(error(unproved).await, "public clients must provide DPoP proof header");
            let foreign = device.proof("GET", WHO);
            let foreign = plain(&public).header("authorization", "DPoP t").header("dpop", foreign);
            error(foreign).await;
        }
        assert_eq!(alive(&[&device]).await, [true]);
    })
    .await;
}
