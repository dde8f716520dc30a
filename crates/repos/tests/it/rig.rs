//! Repositories on a store of their own, and people in them.

use std::sync::Arc;

use accounts::{Purpose, Vault, VaultConfig};
use atproto::{Cid, Did, Nsid, RecordKey};
use repos::{Applied, Error, Expected, Limits, NewRepo, Repos, ReposParts, SealError, Sealing, Write};
use serde_json::{Map, Value, json};
use store::{Schema, Store};

pub(crate) const NOTE: &str = "com.example.note";

/// What a store must have for the tests of this crate.
pub(crate) fn schemas() -> Vec<&'static Schema> {
    [repos::SCHEMAS, records::SCHEMAS].concat()
}

/// Runs a test on repositories of each engine.
pub(crate) async fn on_each<F, T>(test: F)
where
    F: Fn(Rig) -> T + Copy,
    T: Future<Output = ()>,
{
    testkit::on_each_engine(&schemas(), |store| async move { test(Rig::of(store).await).await }).await;
}

/// Repositories, and the store below them.
pub(crate) struct Rig {
    pub(crate) repos: Repos,
    pub(crate) store: Store,
}

impl Rig {
    pub(crate) async fn of(store: Store) -> Self {
        Self::with(store, Limits::default()).await
    }

    pub(crate) async fn with(store: Store, limits: Limits) -> Self {
        Self::at("https://hold.example.com", store, limits).await
    }

    /// On a server that is reached there.
    pub(crate) async fn at(origin: &str, store: Store, limits: Limits) -> Self {
        let parts = ReposParts {
            store: store.clone(),
            sealing: Arc::new(Sealed(vault())),
            origin: origin.parse().unwrap(),
            limits,
        };
        Self { repos: Repos::open(parts).await.unwrap(), store }
    }

    /// As another process on the same database, or the same one after a restart.
    pub(crate) async fn again(&self) -> Self {
        Self::of(self.store.clone()).await
    }

    /// Somebody new.
    pub(crate) async fn person(&self, name: &str) -> Did {
        let did: Did = format!("did:web:{name}.test").parse().unwrap();
        let handle = format!("{name}.test").parse().unwrap();
        self.repos.create(NewRepo::new(did.clone(), Some(handle))).await.unwrap();
        did
    }

    pub(crate) async fn put(&self, did: &Did, key: &str, text: &str) -> Applied {
        self.repos.apply(did, vec![put(key, text)], None).await.unwrap()
    }

    pub(crate) async fn text(&self, did: &Did, key: &str) -> Option<String> {
        let record = self.repos.get(did, &note(), &rkey(key)).await.unwrap()?;
        let value: Value = serde_json::from_str(&record.json).unwrap();
        Some(value["text"].as_str().unwrap().to_owned())
    }

    pub(crate) async fn count(&self, sql: &'static str) -> i64 {
        let count = self.store.state.read(move |conn| conn.query_one(sql, &[], |row| row.int(0)));
        count.await.map_err(|error: store::Error| error).unwrap()
    }
}

/// The real vault.
pub(crate) struct Sealed(Vault);

impl Sealing for Sealed {
    fn seal(&self, did: &Did, key: &[u8]) -> Result<Vec<u8>, SealError> {
        Ok(self.0.seal(Purpose::REPOSITORY_KEYS, did.as_str(), key)?)
    }

    fn open(&self, did: &Did, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        Ok(self.0.unseal(Purpose::REPOSITORY_KEYS, did.as_str(), sealed)?)
    }
}

fn vault() -> Vault {
    let config = VaultConfig {
        // Nothing is written where the secret is given.
        data_dir: "/nonexistent".as_ref(),
        master_secret: Some("an example of a master secret of tests"),
        token_encryption_key: None,
    };
    Vault::open(&config).unwrap()
}

pub(crate) fn note() -> Nsid {
    NOTE.parse().unwrap()
}

pub(crate) fn rkey(key: &str) -> RecordKey {
    key.parse().unwrap()
}

pub(crate) fn fields(value: &Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

pub(crate) fn put(key: &str, text: &str) -> Write {
    put_if(key, text, Expected::Anything)
}

pub(crate) fn put_if(key: &str, text: &str, expected: Expected) -> Write {
    Write::Put { collection: note(), rkey: rkey(key), record: fields(&json!({ "text": text })), expected }
}

pub(crate) fn create(key: Option<&str>, text: &str) -> Write {
    Write::Create { collection: note(), rkey: key.map(rkey), record: fields(&json!({ "text": text })) }
}

pub(crate) fn delete(key: &str) -> Write {
    Write::Delete { collection: note(), rkey: rkey(key), expected: Expected::Anything }
}

/// The CID that anybody computes for a note.
pub(crate) fn cid_of(text: &str) -> Cid {
    let json = json!({ "$type": NOTE, "text": text }).to_string();
    let inspected = atproto::data::record::inspect(json.as_bytes(), &atproto::data::Limits::default());
    inspected.unwrap().cid.unwrap()
}

/// What kind of error it was.
pub(crate) fn kind(error: &Error) -> &'static str {
    match error {
        Error::NotHosted(_) => "not hosted",
        Error::Deactivated(_) => "deactivated",
        Error::Taken(_) => "taken",
        Error::InvalidSwap { .. } => "swap",
        Error::RecordExists(_) => "exists",
        Error::InvalidRecord(_) => "invalid",
        Error::BlobNotFound(_) => "blob",
        Error::TooLarge { .. } => "large",
        Error::Busy(_) | Error::Password(passwords::PasswordError::Busy) => "busy",
        Error::Password(_) => "password",
        _ => "other",
    }
}
