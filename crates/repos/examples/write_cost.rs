//! What one write costs: `cargo run --release -p repos --example write_cost [CAR]`.
//!
//! Prints microseconds per write, one record each, on SQLite, with repositories of several sizes; of which one signature is a
//! part. With a path, the last repository is left there as an archive, and its signing key printed, for others to read.

#![expect(clippy::unwrap_used, reason = "a measurement of valid input")]

use std::sync::Arc;
use std::time::Instant;

use atproto::Did;
use atproto::crypto::PrivateKey;
use futures::StreamExt;
use repos::{Limits, NewRepo, Repos, ReposParts, SealError, Sealing, Write};
use serde_json::json;
use store::{Store, StoreConfig};

const WRITES: u32 = 500;

/// Nothing is secret here.
struct Open;

impl Sealing for Open {
    fn seal(&self, _: &Did, key: &[u8]) -> Result<Vec<u8>, SealError> {
        Ok(key.to_vec())
    }

    fn open(&self, _: &Did, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        Ok(sealed.to_vec())
    }
}

#[tokio::main]
async fn main() {
    let key = PrivateKey::generate_k256();
    let start = Instant::now();
    for number in 0..WRITES {
        std::hint::black_box(key.sign(&number.to_be_bytes()));
    }
    println!("a signature: {:.0} µs", start.elapsed().as_secs_f64() * 1e6 / f64::from(WRITES));

    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(&StoreConfig::sqlite(dir.path()), &repos::SCHEMAS).await.unwrap();
    let origin = "https://example.com".parse().unwrap();
    let parts = ReposParts { store, sealing: Arc::new(Open), origin, limits: Limits::default() };
    let repos = Repos::open(parts).await.unwrap();
    let did: Did = "did:web:example.com".parse().unwrap();
    repos.create(NewRepo { key: Some(key.clone()), ..NewRepo::new(did.clone(), None) }).await.unwrap();
    let mut size = 0;
    for target in [0, 1_000, 10_000] {
        while size < target {
            let writes = (0..200).map(|number| note(size + number)).collect();
            repos.apply(&did, writes, None).await.unwrap();
            size += 200;
        }
        let (start, cpu) = (Instant::now(), cpu());
        for _ in 0..WRITES {
            repos.apply(&did, vec![note(size)], None).await.unwrap();
            size += 1;
        }
        let each = |seconds: f64| seconds * 1e6 / f64::from(WRITES);
        let (wall, cpu) = (each(start.elapsed().as_secs_f64()), each(self::cpu() - cpu));
        println!("a write among {target} records: {cpu:.0} µs of CPU, {wall:.0} µs with its fsync");
    }
    if let Some(path) = std::env::args().nth(1) {
        let pieces: Vec<bytes::Bytes> = repos.export(&did).await.unwrap().collect().await;
        std::fs::write(&path, pieces.concat()).unwrap();
        println!("{did} {} {}", key.public().did_key(), repos.head(&did).await.unwrap().commit.cid);
    }
}

fn note(number: u32) -> Write {
    let record = json!({ "text": format!("note number {number}"), "createdAt": "2026-01-01T00:00:00Z" });
    let record = record.as_object().unwrap().clone();
    Write::Create { collection: "com.example.note".parse().unwrap(), rkey: None, record }
}

/// Seconds of CPU that this process has used, all threads together.
fn cpu() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    // utime and stime, in hundredths.
    fields[11..13].iter().map(|field| field.parse::<f64>().unwrap()).sum::<f64>() / 100.0
}
