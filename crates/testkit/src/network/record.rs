//! Records, written as their owners would.

use super::Network;
use serde::Deserialize;
use serde_json::{Value, json};

/// A record as its PDS serves it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Record {
    /// `at://DID/COLLECTION/RKEY`
    pub uri: String,
    /// The CID of its CBOR.
    pub cid: String,
    /// The record.
    pub value: Value,
}

/// What a PDS says about a record it has written.
#[derive(Clone, Debug, Deserialize)]
pub struct Written {
    /// `at://DID/COLLECTION/RKEY`
    pub uri: String,
    /// The CID of its CBOR.
    pub cid: String,
}

/// What [`Network::seed`] has made.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Seeded {
    /// New accounts.
    pub accounts: usize,
    /// New records.
    pub records: usize,
}

impl Network {
    /// Creates accounts with so many records of each collection; returns when the relay has everything.
    pub async fn seed(&self, accounts: usize, records: usize, collections: &[&str]) -> Seeded {
        let body = json!({ "accounts": accounts, "records": records, "collections": collections });
        self.tell("/seed", &body).await
    }

    /// Creates a record, under a new key if none is given.
    pub async fn create_record(
        &self,
        did: &str,
        collection: &str,
        rkey: Option<&str>,
        record: &Value,
    ) -> Written {
        self.put("create", did, collection, rkey, record).await
    }

    /// Writes a record in place of another.
    pub async fn update_record(&self, did: &str, collection: &str, rkey: &str, record: &Value) -> Written {
        self.put("update", did, collection, Some(rkey), record).await
    }

    async fn put(
        &self,
        action: &str,
        did: &str,
        collection: &str,
        rkey: Option<&str>,
        record: &Value,
    ) -> Written {
        let mut body =
            json!({ "account": did, "action": action, "collection": collection, "record": record });
        if let Some(rkey) = rkey {
            body["rkey"] = rkey.into();
        }
        self.tell("/records", &body).await
    }

    /// Deletes a record.
    pub async fn delete_record(&self, did: &str, collection: &str, rkey: &str) {
        let body = json!({ "account": did, "action": "delete", "collection": collection, "rkey": rkey });
        let _: Value = self.tell("/records", &body).await;
    }

    /// Writes several records in one commit. The elements are those of `com.atproto.repo.applyWrites`.
    pub async fn apply_writes(&self, did: &str, writes: &[Value]) -> Value {
        self.tell("/writes", &json!({ "account": did, "writes": writes })).await
    }

    /// Publishes lexicon documents as records of the account and points `_lexicon.<authority>` of each at it.
    pub async fn publish_lexicons(&self, did: &str, lexicons: &[Value]) {
        let _: Value = self.tell("/lexicons", &json!({ "account": did, "lexicons": lexicons })).await;
    }
}
