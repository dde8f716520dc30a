//! Pages hold while records come and go.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use testkit::{Belvedere, HttpClient};
use tokio::time::sleep;

use crate::chance::Chance;
use crate::samples::{LIKE, list_of};
use crate::scene::Scene;
use crate::traffic::Traffic;
use crate::view::pages;

/// Those who page at the same time, and for how long.
const PAGERS: usize = 8;
const TIME: Duration = Duration::from_secs(5);

/// Whatever is there all the time is on exactly one page and in its place, whatever the size of the pages.
pub(crate) async fn pages_hold_while_records_come_and_go(scene: &Scene, server: &Belvedere) {
    let lasting = uris(&server.client, &format!("/xrpc/{}", list_of(LIKE)), &[]).await;
    // Writes likes of its own, changes and deletes them.
    let traffic = Traffic::start(scene).await;
    let stop = Arc::new(AtomicBool::new(false));
    let pagers: Vec<_> = (0..PAGERS)
        .map(|_| {
            let (client, lasting) = (server.client.clone(), lasting.clone());
            tokio::spawn(Pager { client, lasting, chance: scene.chance.fork() }.run(Arc::clone(&stop)))
        })
        .collect();
    sleep(TIME).await;
    stop.store(true, Ordering::Relaxed);
    let mut surprises = 0;
    for pager in pagers {
        surprises += pager.await.unwrap();
    }
    assert!(surprises > 0, "nothing came while they read");
    traffic.stop().await;
    scene.caught_up(server).await;
    scene.compare(&scene.place, server).await;
}

/// Somebody who reads everything, over and over.
struct Pager {
    client: HttpClient,
    /// The URIs that are there all the time, newest first.
    lasting: Vec<String>,
    chance: Chance,
}

impl Pager {
    /// Reads until told to stop; the number of other records that were seen.
    async fn run(self, stop: Arc<AtomicBool>) -> usize {
        let path = format!("/xrpc/{}", list_of(LIKE));
        let (mut passes, mut others) = (0, 0);
        // On a machine that has a lot to do, two may take longer than the rest.
        while passes < 2 || !stop.load(Ordering::Relaxed) {
            let limit = (1 + self.chance.below(30)).to_string();
            let mut seen = uris(&self.client, &path, &[("limit", &limit)]).await;
            let distinct: HashSet<&String> = seen.iter().collect();
            assert_eq!(distinct.len(), seen.len(), "a record is on two pages: {seen:#?}");
            let count = seen.len();
            seen.retain(|uri| self.lasting.contains(uri));
            assert_eq!(seen, self.lasting);
            (passes, others) = (passes + 1, others + count - seen.len());
        }
        others
    }
}

async fn uris(client: &HttpClient, path: &str, parameters: &[(&str, &str)]) -> Vec<String> {
    let records = pages(client, path, parameters).await;
    records.iter().map(|record| record["uri"].as_str().unwrap().to_owned()).collect()
}
