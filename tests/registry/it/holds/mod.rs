//! Images whose layers are in somebody else's hold (spec/registry.md §4.3–4.5).

mod down;
mod images;
mod real;
mod rights;
mod stand_in;
mod switch;

use registry_conformance::Repository;
use registry_conformance::client::Client;
use serde_json::{Value, json};
use testkit::{Network, NetworkOptions};

use crate::ours::{ALICE, Registry};
use crate::pds::Person;
use stand_in::StandIn;

/// How long something may take that is told in the background.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(30);

/// Alice, who has a hold, and a registry.
struct Scene {
    network: Network,
    person: Person,
    hold: StandIn,
    registry: Registry,
    alice: Client,
    anybody: Client,
}

impl Scene {
    /// `captain` are fields of the record beside its owner, who is Alice. `None`, with a loud word, where there can be no network.
    async fn start(captain: Value) -> Option<Self> {
        Self::with_profile(captain, json!({})).await
    }

    /// The same, where Alice's profile says more than which hold she wants.
    async fn with_profile(captain: Value, mut profile: Value) -> Option<Self> {
        if !Network::is_installed() {
            return None;
        }
        let network = Network::start(NetworkOptions::default()).await;
        let person = Person::new(&network, ALICE).await;
        let mut record = json!({ "owner": person.account.did, "public": true, "allowAllCrew": false });
        for (name, value) in captain.as_object().unwrap() {
            record[name] = value.clone();
        }
        let hold = StandIn::start(&network, record).await;
        let registry = Registry::start_in(&network).await;
        let (alice, anybody) =
            (person.client(&registry), Client::new(&registry.public_target(ALICE)).unwrap());
        let scene = Self { network, person, hold, registry, alice, anybody };
        profile["defaultHold"] = scene.hold.did.as_str().into();
        scene.prefer(&profile).await;
        Some(scene)
    }

    /// Writes Alice's profile.
    async fn prefer(&self, fields: &Value) {
        prefer(&self.network, &self.person, fields).await;
    }

    /// One of Alice's repositories, for Alice.
    fn repository(&self) -> Repository<'_> {
        Repository { client: &self.alice, name: "alice.test/app" }
    }

    /// The same for whoever comes by.
    fn public(&self) -> Repository<'_> {
        Repository { client: &self.anybody, name: "alice.test/app" }
    }

    /// The hold that the record of a manifest names.
    async fn hold_of(&self, digest: &str) -> String {
        hold_of(&self.network, &self.person, digest).await
    }
}

/// Writes the profile of somebody.
async fn prefer(network: &Network, person: &Person, fields: &Value) {
    let mut record = json!({ "$type": PROFILE, "createdAt": "2026-01-01T00:00:00Z" });
    for (name, value) in fields.as_object().unwrap() {
        record[name] = value.clone();
    }
    let did = &person.account.did;
    if network.get_record(&person.account, PROFILE, "self").await.is_some() {
        network.update_record(did, PROFILE, "self", &record).await;
    } else {
        network.create_record(did, PROFILE, Some("self"), &record).await;
    }
}

async fn hold_of(network: &Network, person: &Person, digest: &str) -> String {
    let rkey = digest.split_once(':').unwrap().1;
    let record = network.get_record(&person.account, "io.atcr.manifest", rkey).await.unwrap();
    record.value["holdDid"].as_str().unwrap().to_owned()
}

const PROFILE: &str = "io.atcr.sailor.profile";

/// Waits until something is so.
async fn until(what: &str, is_so: impl AsyncFn() -> bool) {
    let start = std::time::Instant::now();
    while !is_so().await {
        assert!(start.elapsed() < PATIENCE, "{what}");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}
