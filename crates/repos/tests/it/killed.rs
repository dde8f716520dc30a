//! The process is killed.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use atproto::Did;
use store::{Store, StoreConfig};
use tempfile::TempDir;

use crate::frames::{all_events, replayed};
use crate::rig::{NOTE, Rig, put, schemas};

const DIR: &str = "REPOS_TEST_KILLED";

/// Lines after which the writer of each round is killed.
const ROUNDS: [usize; 4] = [1, 6, 17, 40];

/// Runs itself as a writer that says what was confirmed to it, and kills it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_confirmed_is_there_and_everything_fits_together() {
    if let Ok(dir) = std::env::var(DIR) {
        return write(Path::new(&dir)).await;
    }
    let dir = TempDir::new().unwrap();
    let did: Did = "did:web:alice.test".parse().unwrap();
    open(dir.path()).await.person("alice").await;
    let mut confirmed = 0;
    for lines in ROUNDS {
        confirmed = confirmed.max(listen(dir.path(), lines));
        let rig = open(dir.path()).await;
        let head = rig.repos.head(&did).await.unwrap();
        let (root, records) = replayed(&all_events(&rig).await, &did);
        assert_eq!(root, head.root, "subscribers are told of exactly what is there");
        let rows = rig.store.state.read(|conn| {
            conn.query(
                "SELECT collection, rkey, cid FROM repos_records ORDER BY collection, rkey",
                &[],
                |row| Ok::<_, store::Error>((format!("{}/{}", row.text(0)?, row.text(1)?), row.string(2)?)),
            )
        });
        let told: Vec<_> = records.into_iter().map(|(path, cid)| (path, cid.to_string())).collect();
        assert_eq!(rows.await.unwrap(), told);
        let last: u64 = rig.text(&did, "counter").await.unwrap().parse().unwrap();
        assert!(last >= confirmed, "{last} of {confirmed}");
        assert!(
            told.iter().any(|(path, _)| *path == format!("{NOTE}/{:04}", last % 500)),
            "of the same commit"
        );
    }
}

async fn open(dir: &Path) -> Rig {
    Rig::of(Store::open(&StoreConfig::sqlite(dir), &schemas()).await.unwrap()).await
}

/// Counts in one record and leaves another one with each number, for ever.
async fn write(dir: &Path) {
    let rig = open(dir).await;
    let did: Did = "did:web:alice.test".parse().unwrap();
    let mut number: u64 = rig.text(&did, "counter").await.map_or(0, |text| text.parse().unwrap());
    loop {
        number += 1;
        let text = number.to_string();
        let writes = vec![put("counter", &text), put(&format!("{:04}", number % 500), &text)];
        rig.repos.apply(&did, writes, None).await.unwrap();
        println!("confirmed {number}");
    }
}

/// Lets a writer go on until it has said so many lines; the last number that was confirmed.
fn listen(dir: &Path, lines: usize) -> u64 {
    let mut writer = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "killed::what_was_confirmed_is_there_and_everything_fits_together", "--nocapture"])
        .env(DIR, dir)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let said = BufReader::new(writer.stdout.take().unwrap()).lines();
    let confirmed =
        said.map_while(Result::ok).filter_map(|line| line.strip_prefix("confirmed ")?.parse().ok());
    let last = confirmed.take(lines).last().unwrap();
    writer.kill().unwrap();
    writer.wait().unwrap();
    last
}
