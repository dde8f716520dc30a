//! Records at a real PDS: people who have their accounts elsewhere and push with an app password.

mod forgotten;
mod matrix;
mod moving;
mod private;
mod stranger;
mod unwell;

use registry_conformance::Target;
use registry_conformance::client::Client;
use serde_json::json;
use testkit::{Account, Network, NetworkOptions};

use crate::ours::{ALICE, BOB, Registry};

/// A network, and two people on its PDS.
pub(crate) struct Elsewhere {
    pub(crate) network: Network,
    people: [Person; 2],
}

/// Somebody with an app password.
pub(crate) struct Person {
    pub(crate) account: Account,
    password: String,
}

impl Elsewhere {
    /// `None`, with a loud word, where there can be no network.
    pub(crate) async fn start(options: NetworkOptions) -> Option<Self> {
        if !Network::is_installed() {
            return None;
        }
        let network = Network::start(options).await;
        let people = [Person::new(&network, ALICE).await, Person::new(&network, BOB).await];
        Some(Self { network, people })
    }

    pub(crate) fn alice(&self) -> &Person {
        &self.people[0]
    }

    pub(crate) fn bob(&self) -> &Person {
        &self.people[1]
    }
}

impl Person {
    pub(crate) async fn new(network: &Network, handle: &str) -> Self {
        let account = network.create_account(handle).await;
        let session = network.create_session(&account).await;
        let path = "/xrpc/com.atproto.server.createAppPassword";
        let answer = session.client.post(path, &json!({ "name": "registry" })).await.expect(200);
        let password = answer["password"].as_str().unwrap().to_owned();
        Self { account, password }
    }

    pub(crate) fn target(&self, registry: &Registry) -> Target {
        registry.target_with(&self.account.handle, &self.password)
    }

    pub(crate) fn client(&self, registry: &Registry) -> Client {
        Client::new(&self.target(registry)).unwrap()
    }
}
