//! Somebody with a `did:plc` whose keys are in the test's hands.

use atproto::Did;
use atproto::crypto::PrivateKey;
use atproto::plc::{Operation, Service, SignedOperation};
use testkit::{HttpClient, Network};

pub(super) struct Issuer {
    pub(super) did: Did,
    directory: HttpClient,
    rotation_key: PrivateKey,
    last: SignedOperation,
}

impl Issuer {
    /// Registers an account with this key in the network's directory.
    pub(super) async fn register(network: &Network, key: &PrivateKey) -> Self {
        let rotation_key = PrivateKey::generate_k256();
        let pds =
            Service { kind: "AtprotoPersonalDataServer".into(), endpoint: network.endpoints.pds[0].clone() };
        let genesis = Operation {
            rotation_keys: vec![rotation_key.public().did_key()],
            verification_methods: [("atproto".to_owned(), key.public().did_key())].into(),
            also_known_as: vec!["at://issuer.example.com".into()],
            services: [("atproto_pds".to_owned(), pds)].into(),
            prev: None,
        };
        let last = genesis.sign(&rotation_key).unwrap();
        let issuer = Self {
            did: last.did().unwrap(),
            directory: HttpClient::new(&network.endpoints.plc),
            rotation_key,
            last,
        };
        issuer.submit().await;
        issuer
    }

    /// Replaces the key.
    pub(super) async fn set_key(&mut self, key: &PrivateKey) {
        let mut next = self.last.next().unwrap();
        next.verification_methods.insert("atproto".to_owned(), key.public().did_key());
        self.last = next.sign(&self.rotation_key).unwrap();
        self.submit().await;
    }

    async fn submit(&self) {
        let answer = self.directory.post(&format!("/{}", self.did), self.last.json()).await;
        assert_eq!(answer.status, 200, "{answer:?}");
    }
}
