//! Two servers that share a database and a cache, behind one address: what is changed through one is in effect at the
//! other within seconds.

use std::sync::Arc;
use std::time::Duration;

use futures::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use store::v;
use testkit::network::{Account, Fault};
use testkit::{Belvedere, Browser, Device, HttpClient, NetworkOptions, TestDatabase};
use tokio::join;

use crate::meters::metric;
use crate::people::{Client, SCOPES};
use crate::samples::{POST, list_of, post, procedure};
use crate::scene::{Place, Scene};
use crate::wait::until;

/// What the two are to the outside. Nobody listens there: each is asked where it is, in this name.
const SITE: &str = "http://127.0.0.1:7070";

/// Rights, keys and sessions are lost everywhere within two seconds; the rest is for a busy machine.
const SOON: Duration = Duration::from_secs(4);

/// Domains are the same everywhere within five seconds; the rest is for a busy machine.
const SETTLED: Duration = Duration::from_secs(8);

#[tokio::test(flavor = "multi_thread")]
async fn what_changes_at_one_changes_at_the_other() {
    let Some(database) = TestDatabase::postgres().await else { return };
    let Ok(cache) = std::env::var("TEST_VALKEY_URL") else {
        eprintln!("SKIPPED: this test on Valkey: set TEST_VALKEY_URL, or run it under scripts/with-services");
        return;
    };
    let options = NetworkOptions { accounts: 2, ..NetworkOptions::default() };
    let Some(scene) = Scene::with(database, options).await else { return };
    let place = || {
        let database = Arc::clone(&scene.place.database);
        Place::with(&scene.network, database, &[("PUBLIC_URL", SITE), ("CACHE_URL", &cache)])
    };
    let places = [place(), place()];
    places[0].add_samples();
    let servers = [places[0].start().await, places[1].start().await];
    let pair = Pair::begin(&scene, &servers).await;
    // Each waits, and none for another.
    join!(pair.keys(), pair.rights(), pair.browser_sessions(), pair.domains());
    pair.proofs_work_once().await;
    pair.one_refresh_for_both().await;
    pair.devices().await;
}

struct Pair<'s> {
    scene: &'s Scene,
    servers: &'s [Belvedere; 2],
    people: [Account; 2],
    root: Browser,
    client: Client,
}

impl<'s> Pair<'s> {
    async fn begin(scene: &'s Scene, servers: &'s [Belvedere; 2]) -> Self {
        let people: [Account; 2] = scene.network.accounts().await.try_into().unwrap();
        let root = Browser::at(SITE, &servers[0].client);
        root.sign_in(&scene.network, &people[0], SCOPES).await;
        let client = Client::register(&root.http(), SITE, "app", "public").await;
        Self { scene, servers, people, root, client }
    }

    /// The other server, as anybody reaches it.
    fn other(&self) -> HttpClient {
        self.servers[1].client.with_host_of(SITE)
    }

    /// Somebody's browser, at the other server.
    fn browser_there(&self, browser: &Browser) -> HttpClient {
        self.other().with_header("cookie", &browser.cookies()).with_header("origin", SITE)
    }

    /// The app, at the other server.
    fn device_there(&self, device: &Device) -> Device {
        device.with(&testkit::App::new(SITE, &self.servers[1].client, &self.client.app.client_key, None))
    }

    async fn keys(&self) {
        let request = json!({ "name": "k", "permissions": ["stats:read"] });
        let made = self.root.http().post("/admin/api-keys", &request).await.expect(201);
        let key = self.other().with_bearer(made["key"].as_str().unwrap());
        assert_eq!(key.get("/admin/stats").await.status, 200);
        let path = format!("/admin/api-keys/{}", made["id"].as_str().unwrap());
        assert_eq!(self.root.http().delete(&path).await.status, 204);
        becomes("the key is revoked there, too", SOON, 401, async || key.get("/admin/stats").await.status)
            .await;
    }

    async fn rights(&self) {
        let user = json!({ "did": self.people[1].did, "permissions": ["stats:read", "records:read"] });
        let id = self.root.http().post("/admin/users", &user).await.expect(201)["id"].clone();
        let browser = Browser::at(SITE, &self.servers[0].client);
        browser.sign_in(&self.scene.network, &self.people[1], "atproto").await;
        let there = self.browser_there(&browser);
        assert_eq!(there.get("/admin/stats").await.status, 200);
        let path = format!("/admin/users/{}/permissions", id.as_str().unwrap());
        drop(self.root.http().patch(&path, &json!({ "revoke": ["stats:read"] })).await.expect(200));
        becomes("the right is lost there, too", SOON, 403, async || there.get("/admin/stats").await.status)
            .await;
    }

    async fn browser_sessions(&self) {
        let browser = Browser::at(SITE, &self.servers[0].client);
        browser.sign_in(&self.scene.network, &self.people[0], "atproto").await;
        let there = self.browser_there(&browser);
        assert_eq!(there.get("/auth/me").await.status, 200);
        assert_eq!(browser.post("/auth/logout").await.status, 200);
        becomes("signed out there, too", SOON, 401, async || there.get("/auth/me").await.status).await;
        assert_eq!(self.browser_there(&self.root).get("/auth/me").await.status, 200);
    }

    async fn proofs_work_once(&self) {
        let device = self.client.sign_in(&self.scene.network, &self.people[1]).await;
        let there = self.device_there(&device);
        let path = format!("/xrpc/{}", list_of(POST));
        let proof = device.proof("GET", &path);
        let with =
            async |device: &Device| device.send(device.with_proof(Method::GET, &path, &proof)).await.status;
        assert_eq!(with(&device).await, 200);
        assert_eq!(with(&there).await, 401, "used at the first");
        assert_eq!(there.get(&path).await.status, 200);
    }

    async fn one_refresh_for_both(&self) {
        let device = self.client.sign_in(&self.scene.network, &self.people[1]).await;
        let there = self.device_there(&device);
        let nsid = "dev.belvedere.demo.createPost";
        let lexicon = procedure(nsid, Some("create"));
        drop(self.root.http().post("/admin/lexicons", &lexicon).await.expect(201));
        let path = format!("/xrpc/{nsid}");
        let write = async |device: &Device| device.post(&path, &post("written")).await.status;
        // From here on both know the nonce of the PDS.
        becomes("both have the procedure", SETTLED, 200, async || write(&there).await).await;
        assert_eq!(write(&device).await, 200);

        let before = self.renewed().await;
        let (store, id) = (self.scene.place.store().await, device.session_id.clone());
        let sql = "UPDATE pds_sessions SET expires_at = 1 WHERE id = $1";
        let expired: Result<u64, store::Error> =
            store.state.write(move |conn| conn.execute(sql, &[v(&id)])).await;
        assert_eq!(expired.unwrap(), 1);
        let slow = Fault { delay_ms: 300, ..Fault::at("pds", "POST /oauth/token") };
        let exchanges = self.scene.network.set_fault(&slow).await;
        let devices = [&device, &there].into_iter().cycle().take(50);
        assert_eq!(join_all(devices.map(write)).await, [200; 50]);
        assert_eq!(self.scene.network.fault_hits(exchanges).await, 1);
        assert!((self.renewed().await - before - 1.0).abs() < f64::EPSILON);
        self.scene.network.clear_fault(exchanges).await;
    }

    /// How often tokens were exchanged, by both together.
    async fn renewed(&self) -> f64 {
        let [one, two] = self.servers;
        metric(one, "pds_session_renewals_total", "renewed").await
            + metric(two, "pds_session_renewals_total", "renewed").await
    }

    async fn devices(&self) {
        let lost = self.client.sign_in(&self.scene.network, &self.people[1]).await;
        let kept = self.client.sign_in(&self.scene.network, &self.people[1]).await;
        let there = self.device_there(&lost);
        let path = format!("/xrpc/{}", list_of(POST));
        assert_eq!(there.get(&path).await.status, 200);
        let device = format!("/oauth/sessions/{}/devices/{}", self.people[1].did, lost.session_id);
        assert_eq!(kept.delete(&device).await.expect(204), Value::Null);
        assert_eq!(lost.get(&path).await.status, 401, "at once where it was done");
        becomes("signed out there, too", SOON, 401, async || there.get(&path).await.status).await;
        assert_eq!(self.device_there(&kept).get(&path).await.status, 200);
        // The whole app.
        let kept = self.device_there(&kept);
        let path_of_client = format!("/admin/api-clients/{}", self.client.id);
        assert_eq!(self.root.http().delete(&path_of_client).await.status, 204);
        becomes("the app is gone there, too", SOON, 401, async || kept.get(&path).await.status).await;
    }

    async fn domains(&self) {
        let there = self.other().with_header("host", "elsewhere.example");
        assert_eq!(there.get("/config").await.status, 421);
        let domain = json!({ "url": "http://elsewhere.example" });
        let added = self.root.http().post("/admin/domains", &domain).await.expect(201);
        becomes("the domain is known there, too", SETTLED, 200, async || there.get("/config").await.status)
            .await;
        let path = format!("/admin/domains/{}", added["id"].as_str().unwrap());
        assert_eq!(self.root.http().delete(&path).await.status, 204);
        becomes("and forgotten", SETTLED, 421, async || there.get("/config").await.status).await;
    }
}

async fn becomes(what: &str, within: Duration, status: u16, mut ask: impl AsyncFnMut() -> u16) {
    until(what, within, async || (ask().await == status).then_some(())).await;
}
