//! An index that is filled the way history fills it.

use std::ops::Bound;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use atproto::data::{Limits, record};
use atproto::{Cid, Did, Nsid, RecordKey, Tid};
use clock::now_micros;
use find::{Error, Find, Found, Page, Query};
use records::Records;
use remote::Part;
use serde_json::{Value, json};
use store::{Schema, Store};

pub(crate) const ALICE: &str = "did:plc:aliceaaaaaaaaaaaaaaaaaaa";
pub(crate) const BOB: &str = "did:web:bob.example";
/// Sorts between Bob's DID and his AT URIs: a hyphen comes before a slash.
pub(crate) const BOBBY: &str = "did:web:bob.example-by";

pub(crate) const NOTE: &str = "com.example.note";

/// When the first record was made, in microseconds.
const BASE: i64 = 1_700_000_000_000_000;

/// What the store is opened with.
pub(crate) fn schemas() -> [&'static Schema; 3] {
    [records::SCHEMAS[0], records::SCHEMAS[1], find::SCHEMAS[0]]
}

pub(crate) struct Rig {
    pub(crate) find: Find,
    pub(crate) records: Records,
    revision: AtomicI64,
}

impl Rig {
    pub(crate) fn new(store: &Store) -> Self {
        Self {
            find: Find::new(store),
            records: Records::new(store, vec![find::index::projection()]),
            revision: AtomicI64::new(0),
        }
    }

    /// Makes `records` all that an author has in a collection.
    pub(crate) async fn fill(&self, did: &str, collection: &str, records: Vec<(String, Value)>) {
        let rev = BASE + self.revision.fetch_add(1, Ordering::Relaxed);
        let part = Part {
            did: Did::parse(did).unwrap(),
            collection: Nsid::parse(collection).unwrap(),
            rev: Tid::new(rev, 0).unwrap(),
            asked_at: now_micros(),
            keys: (Bound::Unbounded, Bound::Unbounded),
            records: records.into_iter().map(|(rkey, record)| found(&rkey, &record)).collect(),
            proven: true,
        };
        self.records.reconcile(vec![part], false, Arc::new(|_, _| Ok(()))).await.unwrap();
    }

    /// The same with Alice's notes, made one after the other.
    pub(crate) async fn notes(&self, records: &[Value]) {
        let records = records.iter().enumerate().map(|(number, record)| (key(number), record.clone()));
        self.fill(ALICE, NOTE, records.collect()).await;
    }

    pub(crate) async fn page(&self, json: Value) -> Page {
        self.find.query(Query::parse(&json).unwrap()).await.unwrap()
    }

    /// The query's error.
    pub(crate) async fn refusal(&self, json: Value) -> Error {
        self.find.query(Query::parse(&json).unwrap()).await.unwrap_err()
    }

    /// The numbers of Alice's notes that a filter lets through, the oldest first.
    pub(crate) async fn matching(&self, filter: Value) -> Vec<usize> {
        let query = json!({"collection": NOTE, "limit": 100, "filter": filter, "sortDirection": "asc"});
        numbers(&self.page(query).await.records)
    }

    /// All pages of a query, as AT URIs.
    pub(crate) async fn pages(&self, mut json: Value) -> Vec<Vec<String>> {
        let mut pages = Vec::new();
        loop {
            let page = self.page(json.clone()).await;
            pages.push(page.records.into_iter().map(|found| found.uri).collect());
            let Some(cursor) = page.cursor else { return pages };
            json["cursor"] = Value::from(cursor);
        }
    }
}

fn found(rkey: &str, value: &Value) -> remote::Found {
    let inspected = record::inspect(value.to_string().as_bytes(), &Limits::default()).map(|inspected| {
        let refs = inspected.refs.iter().map(|uri| uri.clone().into_owned()).collect();
        // A fraction has no CID: any will do, the content is not checked against it any more.
        let cid = inspected.cid.unwrap_or_else(|_| Cid::dag_cbor_sha256(value.to_string().as_bytes()));
        (inspected.text.into_owned(), cid, refs)
    });
    let (json, cid, refs) = inspected.unwrap();
    remote::Found { rkey: RecordKey::parse(rkey).unwrap(), json, cid, refs }
}

/// The key of the record that was made as number so and so.
pub(crate) fn key(number: usize) -> String {
    Tid::new(BASE + i64::try_from(number).unwrap(), 0).unwrap().to_string()
}

/// Which numbers the records were made as.
pub(crate) fn numbers(records: &[Found]) -> Vec<usize> {
    let number = |found: &Found| {
        let rkey = Tid::parse(found.uri.rsplit('/').next().unwrap()).unwrap();
        usize::try_from(rkey.timestamp_micros() - BASE).unwrap()
    };
    records.iter().map(number).collect()
}
