//! The key that records are attested with (spec/appview.md §5.10): where it comes from, and who sees it.

use accounts::{AttestationConfig, Attestor, Vault, VaultConfig};
use atproto::crypto::PrivateKey;
use data_encoding::{BASE64, HEXLOWER};
use futures::future::join_all;
use serde_json::{Map, json};
use store::{Store, v};

use crate::support::{accounts, on_each_engine};

const SITE: &str = "https://view.example.com:8443";

fn vault(secret: &str) -> Vault {
    let config = VaultConfig {
        data_dir: "/nonexistent".as_ref(),
        master_secret: Some(secret),
        token_encryption_key: None,
    };
    Vault::open(&config).unwrap()
}

async fn open(store: &Store, secret: &str, config: AttestationConfig) -> Option<Attestor> {
    let domains = accounts(store, SITE).await.0.domains;
    Attestor::open(&store.state, &vault(secret), &domains, config).await.unwrap()
}

const SECRET: &str = "an example of a master secret of tests";

/// The key's public half and its id, and the type of attestations.
async fn found(store: &Store, config: AttestationConfig) -> (String, String, String) {
    let attestor = open(store, SECRET, config).await.unwrap();
    let (key_id, key) = attestor.public();
    let made = attestor.sign(Map::from_iter([("n".to_owned(), json!(1))]), "").unwrap();
    assert_eq!(made.key, key_id);
    (key.did_key(), made.key, made.kind)
}

async fn row(store: &Store, key: &'static str) -> Option<String> {
    let sql = "SELECT value FROM instance_settings WHERE key = $1";
    let found = store.state.read(move |conn| conn.query_opt(sql, &[v(key)], |row| row.string(0)));
    let found: Result<_, store::Error> = found.await;
    found.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_made_once_however_many_want_it_and_sealed() {
    on_each_engine(|store| async move {
        drop(accounts(&store, SITE).await);
        let opened = (0..8).map(|_| found(&store, AttestationConfig::default()));
        let opened = join_all(opened).await;
        assert!(opened.iter().all(|one| *one == opened[0]), "{opened:?}");
        assert_eq!(opened[0].1, "did:web:view.example.com%3A8443#attestation");
        assert_eq!(opened[0].2, "games.gamesgamesgamesgames.attestation");
        let kept = BASE64.decode(row(&store, "attestation_private_key").await.unwrap().as_bytes()).unwrap();
        assert!(
            kept.len() > 32
                && PrivateKey::k256(kept[..32].try_into().unwrap())
                    .is_ok_and(|key| key.public().did_key() != opened[0].0)
        );
        assert!(
            open(&store, "another master secret, which opens nothing", AttestationConfig::default())
                .await
                .is_none()
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_configured_comes_before_what_is_kept() {
    on_each_engine(|store| async move {
        let key = PrivateKey::k256(&[7; 32]).unwrap();
        let config = AttestationConfig {
            private_key: Some(key.clone()),
            key_id: Some("did:plc:ewvi7nxzyoun6zhxrhs64oiz#seal".to_owned()),
            sig_type: Some("com.example.seal".to_owned()),
        };
        assert!(!format!("{config:?}").contains(&HEXLOWER.encode(&[7; 32])));
        let (public, key_id, kind) = found(&store, config).await;
        assert_eq!(public, key.public().did_key());
        assert_eq!((&*key_id, &*kind), ("did:plc:ewvi7nxzyoun6zhxrhs64oiz#seal", "com.example.seal"));
        assert_eq!(row(&store, "attestation_private_key").await, None, "nothing is made that is not needed");
        for (key, value) in
            [("attestation_key_id", "did:web:a.example#kept"), ("attestation_sig_type", "com.example.kept")]
        {
            let sql = "INSERT INTO instance_settings (key, value, updated_at) VALUES ($1, $2, 0)";
            let stored = store.state.write(move |conn| conn.execute(sql, &[v(key), v(value)]));
            let stored: Result<_, store::Error> = stored.await;
            stored.unwrap();
        }
        let (_, key_id, kind) = found(&store, AttestationConfig::default()).await;
        assert_eq!((&*key_id, &*kind), ("did:web:a.example#kept", "com.example.kept"));
    })
    .await;
}
