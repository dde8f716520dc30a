//! Under which names and below which path the server answers (spec/appview.md §3.1, §8.5).

use reqwest::Method;
use serde_json::json;
use std::sync::Arc;
use testkit::{Browser, Device, HttpClient, NetworkOptions, TestDatabase};

use crate::people::{Client, SCOPES};
use crate::permissions::routes::{Access, Route};
use crate::samples::{POST, list_of};
use crate::scene::{Place, Scene};

/// A path in front of all others.
const BASE: &str = "/hv";

fn query() -> String {
    format!("/xrpc/{}", list_of(POST))
}

#[tokio::test(flavor = "multi_thread")]
async fn names_and_paths() {
    let options = NetworkOptions { accounts: 1, ..NetworkOptions::default() };
    let Some(scene) = Scene::with(TestDatabase::sqlite(), options).await else { return };
    unknown_names(&scene).await;
    below_a_path(&scene).await;
}

async fn unknown_names(scene: &Scene) {
    scene.place.add_samples();
    let server = scene.place.start().await;
    let admin = scene.place.admin(&server);
    let at = |host: &str| server.client.with_header("host", host);
    let unknown = json!({ "error": "Unknown host" });
    let gated = [
        query(),
        "/config".into(),
        "/auth/me".into(),
        "/oauth-client-metadata.json".into(),
        "/.well-known/did.json".into(),
    ];
    for path in &gated {
        assert_eq!(at("elsewhere.example").get(path).await.expect(421), unknown, "{path}");
        let forwarded = server.client.with_header("x-forwarded-host", "elsewhere.example");
        assert_eq!(forwarded.get(path).await.expect(421), unknown, "{path}");
    }
    for host in ["elsewhere.example", "127.0.0.1:1", "localhost"] {
        assert_eq!(at(host).get("/health").await.status, 200);
        assert_eq!(at(host).get("/ready").await.status, 200);
    }
    let through_a_tunnel = admin.with_header("host", "elsewhere.example");
    assert_eq!(through_a_tunnel.get("/admin/stats").await.status, 200, "operators come from anywhere");

    let domain =
        admin.post("/admin/domains", &json!({ "url": "http://elsewhere.example" })).await.expect(201);
    assert_eq!(at("elsewhere.example").get(&query()).await.status, 200, "at once");
    assert_eq!(at("ELSEWHERE.example:8080").get(&query()).await.status, 200, "whatever the case and port");
    let origin =
        at("elsewhere.example").with_header("origin", "http://elsewhere.example").get("/config").await;
    assert_eq!(origin.header("access-control-allow-credentials"), "true");
    let metadata = at("elsewhere.example").get("/oauth-client-metadata.json").await.expect(200);
    assert_eq!(metadata["redirect_uris"], json!(["http://elsewhere.example/auth/callback"]));
    let path = format!("/admin/domains/{}", domain["id"].as_str().unwrap());
    assert_eq!(admin.delete(&path).await.status, 204);
    assert_eq!(at("elsewhere.example").get(&query()).await.expect(421), unknown);
}

async fn below_a_path(scene: &Scene) {
    let database = Arc::new(TestDatabase::sqlite());
    let place = Place::with(&scene.network, database, &[("BASE_PATH", BASE)]);
    place.add_samples();
    let server = place.start().await;
    let root = HttpClient::new(server.url().trim_end_matches(BASE));
    let site = format!("{}{BASE}", root.base());
    let below = HttpClient::new(&site);
    nothing_is_elsewhere(&root, &below, &Route::all(&place)).await;
    let operator = cookies(scene, &site, &below).await;
    let device = proofs(scene, &site, &operator.http()).await;
    signed_for_elsewhere(&device).await;
}

/// What asks the process and not a site.
const PROBES: [&str; 5] = ["/health", "/health/ready", "/healthz", "/ready", "/readyz"];

/// Apps that this server does not run.
const ABSENT: [&str; 6] = ["sync", "registry", "repos", "social", "mastodon", "federation"];

async fn nothing_is_elsewhere(root: &HttpClient, below: &HttpClient, routes: &[Route]) {
    for path in PROBES {
        assert_eq!(root.get(path).await.status, 200, "{path}");
    }
    assert_eq!(below.get(&query()).await.status, 200);
    for Route { method, path, access, .. } in
        routes.iter().filter(|route| !is_probe(route) && !ABSENT.contains(&&*route.app))
    {
        let ask = async |client: &HttpClient| client.send(client.request(method.clone(), path)).await.status;
        assert_eq!(ask(root).await, 404, "{method} {path}");
        if matches!(access, Access::Authenticated | Access::Permissions(_)) {
            assert_eq!(ask(below).await, 401, "{method} {path}");
        }
    }
    let metadata = below.get("/oauth-client-metadata.json").await.expect(200);
    assert_eq!(metadata["redirect_uris"], json!([format!("{}/auth/callback", below.base())]));
    assert_eq!(below.get("/config").await.expect(200)["public_url"], below.base());
}

fn is_probe(route: &Route) -> bool {
    PROBES.contains(&&*route.path)
}

/// Signing in and out in a browser.
async fn cookies(scene: &Scene, site: &str, below: &HttpClient) -> Browser {
    let account = scene.network.accounts().await.remove(0);
    let browser = Browser::new(below);
    let end = browser.sign_in(&scene.network, &account, SCOPES).await;
    assert_eq!(end, format!("{site}/dashboard/"));
    assert_eq!(browser.get("/auth/me").await.expect(200)["is_admin"], true);
    assert_eq!(browser.post("/auth/logout").await.status, 200);
    assert_eq!(browser.get("/auth/me").await.status, 401);
    browser.sign_in(&scene.network, &account, SCOPES).await;
    assert_eq!(browser.http().get("/admin/stats").await.status, 200);
    browser
}

/// Signing in and calling with an app.
async fn proofs(scene: &Scene, site: &str, admin: &HttpClient) -> Device {
    let account = scene.network.accounts().await.remove(0);
    let client = Client::register(admin, site, "app", "public").await;
    let device = client.sign_in(&scene.network, &account).await;
    assert_eq!(device.get(&query()).await.status, 200);
    let devices = device.get(&format!("/oauth/sessions/{}/devices", account.did)).await.expect(200);
    assert_eq!(devices[0]["id"], device.session_id);
    device
}

/// The address in a proof is the one outside, with the path.
async fn signed_for_elsewhere(device: &Device) {
    let mut claims = device.claims("GET", &query());
    claims["htu"] = claims["htu"].as_str().unwrap().replacen(BASE, "", 1).into();
    let proof = device.sign(&device.header(), &claims);
    let answer = device.send(device.with_proof(Method::GET, &query(), &proof)).await;
    assert_eq!(answer.status, 401, "without the path in front");
}
