//! The process is killed.

use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use blobs::{Folder, Fsync, UploadError};
use futures::TryStreamExt;
use futures::future::join_all;
use oci::{Digest, UploadId};
use tempfile::TempDir;

use crate::given::{MANY, append, begin, body, content, get, sha256};

const DIR: &str = "BLOBS_TEST_KILLED";

/// Lines after which the sender of each round is killed. It says about four of an upload.
const ROUNDS: [usize; 6] = [1, 7, 20, 33, 58, 90];

/// Runs itself as a sender that says what it was told, and kills it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_blob_is_wrong_and_uploads_go_on() {
    if let Ok(dir) = std::env::var(DIR) {
        return send(Path::new(&dir)).await;
    }
    let dir = TempDir::new().unwrap();
    let (mut told, mut resumed) = (Told::default(), 0);
    for lines in ROUNDS {
        told.listen(dir.path(), lines);
        let folder = Folder::open(dir.path(), Fsync::Off).unwrap();
        for digest in &told.blobs {
            assert!(folder.head(digest).await.unwrap().is_some(), "{digest} is gone");
        }
        let pages: Vec<_> = folder.list().try_collect().await.unwrap();
        for entry in pages.into_iter().flatten() {
            assert_eq!(sha256(&get(&folder, &entry.digest).await.unwrap()), entry.digest);
        }
        for (id, (seed, told)) in told.uploads.drain() {
            let whole = whole(seed);
            match folder.offset(id).await {
                Ok(stands) => {
                    assert!(stands >= told);
                    let rest = &whole[usize::try_from(stands).unwrap()..];
                    folder.append(id, Some(stands), MANY, body(rest, 50_000)).await.unwrap();
                    folder.finish(id, &sha256(&whole)).await.unwrap();
                    resumed += 1;
                }
                Err(UploadError::Unknown) => {
                    assert!(folder.head(&sha256(&whole)).await.unwrap().is_some(), "an upload is gone");
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
    fn listen(&mut self, dir: &Path, lines: usize) {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "killed::no_blob_is_wrong_and_uploads_go_on", "--nocapture"])
            .env(DIR, dir)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
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

fn whole(seed: u64) -> Vec<u8> {
    content(seed, usize::try_from(seed % 7).unwrap() * 199_999)
}

async fn send(dir: &Path) {
    let folder = Folder::open(dir, Fsync::Off).unwrap();
    let first = u64::from(std::process::id()) * 1_000_000;
    join_all((0..3).map(|sender| {
        let folder = folder.clone();
        tokio::spawn(async move {
            for number in 0..50_000 {
                let seed = first + sender * 100_000 + number;
                let (whole, id) = (whole(seed), begin(&folder).await);
                println!("started {id} {seed}");
                for part in whole.chunks(500_000) {
                    println!("stands {id} {}", append(&folder, id, part).await.unwrap());
                }
                let digest = sha256(&whole);
                folder.finish(id, &digest).await.unwrap();
                println!("finished {id} {digest}");
            }
        })
    }))
    .await;
}
