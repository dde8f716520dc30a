//! What can be made again may go while everything goes on.

use std::time::{Duration, Instant};

use registry_conformance::Repository;
use registry_conformance::client::Client;
use rusqlite::Connection;
use tokio::time::sleep;

use super::Pair;
use crate::extra::image;
use crate::ours::{ALICE, Blobs, Registry};
use crate::stubborn::{pull, push, tags};

/// The index is read again within seconds.
const PATIENCE: Duration = Duration::from_secs(30);

/// What holds the rows of the index, but not which of its migrations have run.
const EMPTY: &str = "
    DO $$ DECLARE name text; BEGIN
        FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'index' AND tablename NOT LIKE '%migration%' LOOP
            EXECUTE format('TRUNCATE TABLE index.%I CASCADE', name);
        END LOOP;
    END $$";

#[tokio::test(flavor = "multi_thread")]
async fn everything_pulls_at_both_after_the_cache_and_the_index_are_gone() {
    let Some(pair) = Pair::start().await else { return };
    let clients = pair.clients();
    let places: Vec<_> = clients.iter().map(|client| Repository { client, name: "alice.test/one" }).collect();
    let sets: Vec<_> = (0..6).map(|n| image(&[&format!("v{n}")])).collect();
    for (n, set) in sets.iter().enumerate() {
        push(places[n % 2], set).await.unwrap();
    }
    pair.flush_valkey().await;
    for place in &places {
        for set in &sets {
            assert_eq!(pull(*place, &set.manifests[0].tags[0]).await.unwrap(), set.manifests[0].digest);
        }
    }
    let (client, connection) =
        tokio_postgres::connect(&pair.database.url(), tokio_postgres::NoTls).await.unwrap();
    let connection = tokio::spawn(connection);
    client.batch_execute(EMPTY).await.unwrap();
    pair.flush_valkey().await;
    for place in &places {
        for set in &sets {
            comes_back(*place, &set.manifests[0].tags[0], &set.manifests[0].digest).await;
        }
        assert_eq!(tags(*place).await.unwrap().len(), sets.len());
    }
    // And it can be pushed to as before.
    let set = image(&["after"]);
    push(places[1], &set).await.unwrap();
    assert_eq!(pull(places[0], "after").await.unwrap(), set.manifests[0].digest);
    drop(client);
    connection.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_pulls_after_the_file_of_the_index_was_emptied() {
    let registry = Registry::start(&Blobs::Folder).await;
    let client = Client::new(&registry.target(ALICE)).unwrap();
    let place = Repository { client: &client, name: "alice.test/one" };
    let sets: Vec<_> = (0..6).map(|n| image(&[&format!("v{n}")])).collect();
    for set in &sets {
        push(place, set).await.unwrap();
    }
    let index = Connection::open(registry.options.data_dir.join("index.db")).unwrap();
    index.busy_timeout(PATIENCE).unwrap();
    let names = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE '%migration%'
        AND sql NOT LIKE 'CREATE VIRTUAL%'";
    let names: Vec<String> =
        index.prepare(names).unwrap().query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let all: String = names.iter().map(|name| ["DELETE FROM \"", name, "\";"].concat()).collect();
    index.execute_batch(&format!("PRAGMA foreign_keys = OFF; BEGIN IMMEDIATE; {all} COMMIT")).unwrap();
    for set in &sets {
        comes_back(place, &set.manifests[0].tags[0], &set.manifests[0].digest).await;
    }
    assert_eq!(tags(place).await.unwrap().len(), sets.len());
    let set = image(&["after"]);
    push(place, &set).await.unwrap();
    assert_eq!(pull(place, "after").await.unwrap(), set.manifests[0].digest);
}

/// Until it is read again a pull may be told to wait, but never that there is no such image.
async fn comes_back(place: Repository<'_>, tag: &str, digest: &str) {
    let start = Instant::now();
    loop {
        let answer = place.get(&format!("manifests/{tag}")).await.unwrap().expect(&[200, 503]).unwrap();
        if answer.status == 200 {
            assert_eq!(answer.header("docker-content-digest"), Some(digest));
            assert_eq!(pull(place, tag).await.unwrap(), digest);
            return;
        }
        assert!(start.elapsed() < PATIENCE, "{tag} does not come back: {}", answer.text());
        sleep(Duration::from_millis(20)).await;
    }
}
