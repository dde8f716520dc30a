//! The process is killed.

use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use blobs::{BlobStore, Folder, Fsync, Location, Objects, SCHEMA, UploadError};
use futures::TryStreamExt;
use futures::future::join_all;
use oci::{Digest, UploadId};
use store::{Store, StoreConfig};
use tempfile::TempDir;

use crate::given::{MANY, append, begin, body, content, get, sha256};
use crate::place::SIZES;
use crate::service::Service;

const DIR: &str = "BLOBS_TEST_KILLED";

/// Of the bucket, if it is one.
const BUCKET: &str = "BLOBS_TEST_KILLED_BUCKET";

/// Lines after which the sender of each round is killed. It says about four of an upload.
const ROUNDS: [usize; 6] = [1, 7, 20, 33, 58, 90];

/// Runs itself as a sender that says what it was told, and kills it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_blob_of_a_folder_is_wrong_and_uploads_go_on() {
    let name = "killed::no_blob_of_a_folder_is_wrong_and_uploads_go_on";
    run(Sender { name, bucket: None, step: 199_999 }, &ROUNDS).await;
}

/// The same with blobs of up to three parts.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_blob_of_a_bucket_is_wrong_and_uploads_go_on() {
    let name = "killed::no_blob_of_a_bucket_is_wrong_and_uploads_go_on";
    let dir = TempDir::new().unwrap();
    let service = match std::env::var(BUCKET) {
        Ok(_) => None,
        Err(_) => Some(Service::start(dir.path()).await),
    };
    let bucket = service.as_ref().map_or_else(|| std::env::var(BUCKET).unwrap(), Service::url);
    run(Sender { name, bucket: Some(bucket), step: 1_900_000 }, &ROUNDS[1..3]).await;
}

/// Who sends, and is killed.
struct Sender {
    name: &'static str,
    bucket: Option<String>,
    /// A sixth of the longest blob.
    step: usize,
}

impl Sender {
    async fn open(&self, dir: &Path) -> BlobStore {
        let Some(bucket) = &self.bucket else {
            return BlobStore::Folder(Folder::open(dir, Fsync::Off).unwrap());
        };
        let rows = Store::open(&StoreConfig::sqlite(dir), &[&SCHEMA]).await.unwrap();
        let objects = Objects::new(Location::parse(bucket).unwrap(), rows.state, SIZES).unwrap();
        objects.take_over().await.unwrap();
        BlobStore::Objects(objects)
    }

    fn whole(&self, seed: u64) -> Vec<u8> {
        content(seed, usize::try_from(seed % 7).unwrap() * self.step)
    }
}

async fn run(sender: Sender, rounds: &[usize]) {
    if let Ok(dir) = std::env::var(DIR) {
        return send(sender, Path::new(&dir)).await;
    }
    let dir = TempDir::new().unwrap();
    let (mut told, mut resumed) = (Told::default(), 0);
    for lines in rounds {
        told.listen(&sender, dir.path(), *lines);
        let store = sender.open(dir.path()).await;
        for digest in &told.blobs {
            assert!(store.head(digest).await.unwrap().is_some(), "{digest} is gone");
        }
        let pages: Vec<_> = store.list().try_collect().await.unwrap();
        for entry in pages.into_iter().flatten() {
            assert_eq!(sha256(&get(&store, &entry.digest).await.unwrap()), entry.digest);
        }
        for (id, (seed, told)) in told.uploads.drain() {
            let whole = sender.whole(seed);
            match store.offset(id).await {
                Ok(stands) => {
                    assert!(stands >= told);
                    let rest = &whole[usize::try_from(stands).unwrap()..];
                    store.append(id, Some(stands), body(rest, 50_000), MANY).await.unwrap();
                    finish(&store, id, &sha256(&whole)).await;
                    resumed += 1;
                }
                Err(UploadError::Unknown) => {
                    assert!(store.head(&sha256(&whole)).await.unwrap().is_some(), "an upload is gone");
                }
                Err(error) => panic!("{error}"),
            }
        }
    }
    assert!(resumed > 0, "nothing was interrupted");
}

/// What the sender was told before it was killed.
#[derive(Default)]
struct Told {
    blobs: Vec<Digest>,
    /// What they are to become, and how many bytes were acknowledged.
    uploads: HashMap<UploadId, (u64, u64)>,
}

impl Told {
    fn listen(&mut self, sender: &Sender, dir: &Path, lines: usize) {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", sender.name, "--nocapture"]).env(DIR, dir).stdout(Stdio::piped());
        if let Some(bucket) = &sender.bucket {
            command.env(BUCKET, bucket);
        }
        let mut child = command.spawn().unwrap();
        let mut said = 0;
        // All that it said counts, also what was on its way when it was killed.
        for line in BufReader::new(child.stdout.take().unwrap()).lines() {
            let line = line.unwrap();
            let words: Vec<_> = line.split(' ').collect();
            match words[..] {
                ["started", id, seed] => {
                    self.uploads.insert(id.parse().unwrap(), (seed.parse().unwrap(), 0));
                }
                ["stands", id, offset] => {
                    self.uploads.get_mut(&id.parse().unwrap()).unwrap().1 = offset.parse().unwrap();
                }
                ["finished", id, digest] => {
                    self.uploads.remove(&id.parse().unwrap());
                    self.blobs.push(digest.parse().unwrap());
                }
                _ => continue,
            }
            said += 1;
            if said == lines {
                child.kill().unwrap();
            }
        }
        assert!(said >= lines, "it ended by itself: {}", child.wait().unwrap());
        child.wait().unwrap();
    }
}

/// The bucket may still be at what the one who was killed has asked for: then again, as clients do.
async fn finish(store: &BlobStore, id: UploadId, digest: &Digest) {
    let finished = async {
        while let Err(error) = store.finish(id, digest).await {
            assert!(matches!(error, UploadError::Storage(_)), "{error}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), finished).await.unwrap();
}

async fn send(sender: Sender, dir: &Path) {
    let (store, sender) = (sender.open(dir).await, Arc::new(sender));
    let first = u64::from(std::process::id()) * 1_000_000;
    join_all((0..3).map(|number| {
        let (store, sender) = (store.clone(), Arc::clone(&sender));
        tokio::spawn(async move {
            for blob in 0..50_000 {
                let seed = first + number * 100_000 + blob;
                let (whole, id) = (sender.whole(seed), begin(&store).await);
                println!("started {id} {seed}");
                for part in whole.chunks(sender.step * 5 / 2) {
                    println!("stands {id} {}", append(&store, id, part).await.unwrap());
                }
                let digest = sha256(&whole);
                store.finish(id, &digest).await.unwrap();
                println!("finished {id} {digest}");
            }
        })
    }))
    .await;
}
