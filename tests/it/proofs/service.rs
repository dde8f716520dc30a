//! Tokens of other servers, signed with the keys of their users.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use atproto::crypto::PrivateKey;
use serde_json::{Value, json};
use testkit::network::{Account, Fault};
use testkit::{Belvedere, HttpClient, ServiceTokenDraft};

use super::issuer::Issuer;
use super::{QUERY, path};
use crate::scene::Scene;
use crate::wait::until;

/// Documents that are younger are not fetched anew on suspicion.
const FLOOR: Duration = Duration::from_secs(5);

/// The server with an identity, and others that may call it.
pub(super) struct Exposed<'s> {
    scene: &'s Scene,
    admin: HttpClient,
    http: HttpClient,
    did: String,
    entry: i64,
    key: PrivateKey,
    issuer: Issuer,
    /// Somebody whose key is replaced after their first call.
    other: (PrivateKey, Issuer),
}

/// Gives the server an identity that its operator registers in the directory, with a service that admits everything.
pub(super) async fn expose<'s>(scene: &'s Scene, server: &Belvedere) -> Exposed<'s> {
    let admin = scene.place.admin(server);
    let entry = json!({ "fragment_id": "#demo", "service_type": "DemoService" });
    let entry = admin.post("/admin/service-entries", &entry).await.expect(201)["id"].as_i64().unwrap();
    assert_eq!(admin.post("/api/setup/identity", &json!({ "mode": "did_plc" })).await.status, 204);
    let registered = admin.post("/api/setup/plc/register", &json!({})).await.expect(200);
    assert_eq!(admin.post("/api/setup/complete", &json!({})).await.status, 204);
    let (key, first) = (PrivateKey::generate_k256(), PrivateKey::generate_p256());
    let mut exposed = Exposed {
        scene,
        did: registered["did"].as_str().unwrap().to_owned(),
        http: server.client.clone(),
        admin,
        entry,
        issuer: Issuer::register(&scene.network, &key).await,
        key,
        other: (PrivateKey::generate_k256(), Issuer::register(&scene.network, &first).await),
    };
    // The document is fetched, and then another key is in it, on another curve.
    let draft = exposed.draft_of(&exposed.other.1);
    assert_eq!(exposed.status(&draft.sign(&first)).await, 200);
    exposed.other.1.set_key(&exposed.other.0).await;
    exposed
}

impl Exposed<'_> {
    /// A good token for the query.
    fn draft(&self) -> ServiceTokenDraft {
        self.draft_of(&self.issuer)
    }

    fn draft_of(&self, issuer: &Issuer) -> ServiceTokenDraft {
        ServiceTokenDraft::new(&issuer.did, &format!("{}#demo", self.did), QUERY)
    }

    async fn status(&self, token: &str) -> u16 {
        self.http.with_bearer(token).get(&path()).await.status
    }

    pub(super) async fn refuses(&self) {
        let good = self.draft().sign(&self.key);
        assert_eq!(self.status(&good).await, 200);
        assert_eq!(self.status(&good).await, 401, "once");
        assert_eq!(self.status(&self.draft().sign_high(&self.key)).await, 200, "either form of a signature");
        for (claim, value) in self.bad_claims() {
            let token = self.draft().claim(claim, value.clone()).sign(&self.key);
            assert_eq!(self.status(&token).await, 401, "{claim}: {value}");
        }
        for (member, value) in
            [("alg", "none"), ("alg", "HS256"), ("alg", "ES256"), ("typ", "at+jwt"), ("typ", "dpop+jwt")]
        {
            let token = self.draft().header(member, value).sign(&self.key);
            assert_eq!(self.status(&token).await, 401, "{member}: {value}");
        }
        for key in [PrivateKey::generate_k256(), PrivateKey::generate_p256()] {
            assert_eq!(self.status(&self.draft().sign(&key)).await, 401, "not the issuer's key");
        }
        let (unsigned, _) = good.rsplit_once('.').unwrap();
        for token in [unsigned, &format!("{unsigned}."), "a.b.c", &good[1..]] {
            assert_eq!(self.status(token).await, 401, "{token}");
        }
        // Good for queries, and not for what an operator does.
        let unbound = self.draft().claim("lxm", ()).sign(&self.key);
        assert_eq!(self.http.with_bearer(&unbound).get("/admin/stats").await.status, 403, "no user");
    }

    fn bad_claims(&self) -> Vec<(&'static str, Value)> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        vec![
            ("aud", json!("did:web:other.example#demo")),
            ("aud", json!(format!("{}x#demo", self.did))),
            ("aud", json!(format!("{}#other", self.did))),
            ("aud", json!(null)),
            ("lxm", json!("dev.belvedere.demo.listLikes")),
            ("lxm", json!(null)),
            ("exp", json!(now - 1)),
            ("exp", json!(now + 3700)),
            ("exp", json!(null)),
            ("iat", json!(now + 90)),
            ("iss", json!(self.other.1.did)),
            ("iss", json!("did:plc:aaaaaaaaaaaaaaaaaaaaaaaa")),
            ("iss", json!(null)),
        ]
    }

    pub(super) async fn follows_a_new_key(&self) {
        let (key, issuer) = &self.other;
        let asked = Fault::at("plc", &format!("GET /{}", issuer.did));
        let asked = self.scene.network.set_fault(&asked).await;
        until("the new key is accepted", FLOOR + Duration::from_secs(5), async || {
            (self.status(&self.draft_of(issuer).sign(key)).await == 200).then_some(())
        })
        .await;
        assert_eq!(self.scene.network.fault_hits(asked).await, 1, "the document was fetched anew, once");
        assert_eq!(self.status(&self.draft_of(issuer).sign(key)).await, 200);
        assert_eq!(self.scene.network.fault_hits(asked).await, 1);
        self.scene.network.clear_fault(asked).await;
    }

    /// A real PDS signs for its user, and finds the service through the directory.
    pub(super) async fn answers_a_pds(&self, account: &Account) {
        let user = self.scene.network.create_session(account).await.client;
        let through = user.with_header("atproto-proxy", &format!("{}#demo", self.did));
        assert!(through.get(&path()).await.expect(200)["records"].is_array());
        let entry = format!("/admin/service-entries/{}", self.entry);
        let specific = json!({ "access_mode": "specific" });
        assert_eq!(self.admin.put(&entry, &specific).await.status, 204);
        assert_eq!(through.get(&path()).await.status, 401, "not in the list");
        let listed = json!({ "lexicon_ids": [QUERY] });
        assert_eq!(self.admin.post(&format!("{entry}/xrpcs"), &listed).await.status, 204);
        assert_eq!(through.get(&path()).await.status, 200);
    }

    pub(super) async fn is_withdrawn(&self) {
        assert_eq!(self.status(&self.draft().sign(&self.key)).await, 200);
        let nothing = json!({ "mode": "not_exposed" });
        assert_eq!(self.admin.put("/admin/service-identity", &nothing).await.status, 204);
        assert_eq!(self.status(&self.draft().sign(&self.key)).await, 401);
    }
}
