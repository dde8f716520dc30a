//! Killed in the middle, on either side, and begun again.

use std::io::Read;
use std::process::{Child, Stdio};
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
    let (mut running, there_are) = (begin(&ours, &source), async |enough| {
        let start = Instant::now();
        while count(here).await < enough {
            assert!(start.elapsed() < PATIENCE, "nothing comes");
            sleep(Duration::from_millis(5)).await;
        }
    });
    there_are(10).await;
    end(&mut running);
    is_a_part(here, there).await;

    let mut running = begin(&ours, &source);
    there_are(20).await;
    ours.server.kill();
    end(&mut running);
    ours.server = Belvedere::start(&ours.options).await;
    is_a_part(here, there).await;
    let rest = report(&mut import(&ours, &source));
    println!("{rest}");
    assert!(rest["tags"]["already_there"].as_u64().unwrap() >= 20, "{rest}");
    assert_eq!(is_the_same(&alice, "alice.test/app", there).await, IMAGES);
}

async fn count(of: Repository<'_>) -> usize {
    tags(of).await.map_or(0, |tags| tags.len())
}

fn begin(to: &Registry, source: &str) -> Child {
    import(to, source).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap()
}

/// Ends it in the middle: it has said nothing.
fn end(running: &mut Child) {
    running.kill().unwrap();
    let mut said = String::new();
    running.stdout.take().unwrap().read_to_string(&mut said).unwrap();
    running.wait().unwrap();
    assert_eq!(said, "");
}

/// Some of it is there, and that is whole.
async fn is_a_part(here: Repository<'_>, there: Repository<'_>) {
    let names = tags(here).await.unwrap();
    assert!(names.len() < IMAGES, "{}", names.len());
    for tag in names {
        assert_eq!(pull(here, &tag).await.unwrap(), pull(there, &tag).await.unwrap());
    }
}
