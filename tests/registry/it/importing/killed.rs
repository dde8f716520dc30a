//! Killed in the middle, on either side, and begun again.

use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::time::{Duration, Instant};

use registry_conformance::Repository;
use registry_conformance::client::Client;
use registry_conformance::content::{Algorithm, Builder};
use serde_json::json;
use testkit::Belvedere;
use tokio::time::sleep;

use super::{import, is_the_same, report};
use crate::ours::{ALICE, BOB, Blobs, Registry};
use crate::stubborn::{pull, push, tags};

const IMAGES: usize = 60;
/// Longer than it takes until something is there.
const PATIENCE: Duration = Duration::from_mins(1);

#[tokio::test(flavor = "multi_thread")]
async fn what_is_there_is_whole_and_the_rest_comes() {
    let (theirs, mut ours) = (Registry::start(&Blobs::Folder).await, Registry::start(&Blobs::Folder).await);
    let bob = Client::new(&theirs.target(BOB)).unwrap();
    let there = Repository { client: &bob, name: "bob.test/app" };
    for n in 0..IMAGES {
        let mut builder = Builder::new("image", Algorithm::Sha256);
        builder.platforms(&[&format!("v{n}")], json!({}));
        push(there, &builder.done()).await.unwrap();
    }
    let alice = Client::new(&ours.target(ALICE)).unwrap();
    let here = Repository { client: &alice, name: "alice.test/app" };
    let source = format!("{}/bob.test/app", theirs.server.url());
    for (round, kills_server) in [(1, false), (2, true)] {
        let mut running =
            import(&ours, &source).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let start = Instant::now();
        while count(here).await < round * 10 {
            assert!(start.elapsed() < PATIENCE, "nothing comes");
            sleep(Duration::from_millis(5)).await;
        }
        if kills_server {
            ours.server.kill();
        }
        running.kill().unwrap();
        let said = BufReader::new(running.stdout.take().unwrap()).lines().count();
        running.wait().unwrap();
        assert_eq!(said, 0, "it was in the middle");
        if kills_server {
            ours.server = Belvedere::start(&ours.options).await;
        }
        let names = tags(here).await.unwrap();
        assert!(names.len() < IMAGES, "{}", names.len());
        for tag in names {
            assert_eq!(pull(here, &tag).await.unwrap(), pull(there, &tag).await.unwrap());
        }
    }
    let rest = report(&mut import(&ours, &source));
    println!("{rest}");
    assert!(rest["tags"]["already_there"].as_u64().unwrap() >= 20, "{rest}");
    assert_eq!(is_the_same(&alice, "alice.test/app", there).await, IMAGES);
}

async fn count(of: Repository<'_>) -> usize {
    tags(of).await.map_or(0, |tags| tags.len())
}
