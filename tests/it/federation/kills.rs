//! SIGKILL in the middle of telling five thousand followers on two hundred hosts.

use testkit::databases;
use testkit::fediverse::{Arrivals, Inboxes, UnderWay};

use super::home::{Home, Running};

const HOSTS: usize = 200;
const FOLLOWERS: usize = 5_000;

/// Deliveries that one server is at, at most (docs/social-federation.md).
const WORKERS: usize = 32;

#[tokio::test(flavor = "multi_thread")]
async fn an_inbox_that_is_shared_is_told_however_often_the_server_dies() {
    for database in databases().await {
        // The first time it dies before anything is sent.
        let inboxes = Inboxes::open(HOSTS).await;
        let home = Home::followed(database, &[], &inboxes, (FOLLOWERS, true)).await;
        tell(&home, &inboxes, &[0, 20, 60, 100]).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_follower_is_told_however_often_the_server_dies() {
    for database in databases().await {
        let inboxes = Inboxes::open(HOSTS).await;
        let home = Home::followed(database, &[], &inboxes, (FOLLOWERS, false)).await;
        let mut running = home.start().await;
        let (_, thought) = home.write(&running.server, "for each of you").await;
        let mut under_way = Vec::new();
        for point in [300, 2_000] {
            inboxes.until(point).await;
            under_way.push(home.kill(running).await);
            running = home.start().await;
        }
        let told = Told { places: FOLLOWERS, expected: &[("Create", &thought)], under_way };
        told.assert(&home, &inboxes, running).await;
    }
}

/// Tells everybody of two thoughts and a change; the server dies whenever so much has arrived, and right after the change.
async fn tell(home: &Home, inboxes: &Inboxes, deaths: &[usize]) {
    let mut running = home.start().await;
    let (_, first) = home.write(&running.server, "first").await;
    let mut under_way = Vec::new();
    for point in deaths {
        inboxes.until(*point).await;
        under_way.push(home.kill(running).await);
        running = home.start().await;
    }
    let (id, second) = home.write(&running.server, "second").await;
    home.edit(&running.server, &id, "second, said better").await;
    under_way.push(home.kill(running).await);
    let running = home.start().await;
    let expected = [("Create", &*first), ("Create", &*second), ("Update", &*second)];
    Told { places: HOSTS, expected: &expected, under_way }.assert(home, inboxes, running).await;
}

/// What has to arrive in spite of everything.
struct Told<'t> {
    places: usize,
    expected: &'t [(&'t str, &'t str)],
    /// At each death.
    under_way: Vec<UnderWay>,
}

impl Told<'_> {
    async fn assert(&self, home: &Home, inboxes: &Inboxes, running: Running) {
        let Self { places, expected, under_way } = self;
        inboxes.until(places * expected.len()).await;
        assert_eq!(home.until_told().await, places * expected.len());
        running.server.terminate().await;
        let arrivals = Arrivals::verified(&inboxes.take(), &home.public_key);
        arrivals.assert_told(*places, expected);
        arrivals.assert_again_only(under_way);
        let again = arrivals.again();
        assert!(again <= WORKERS * under_way.len(), "{again} were sent again");
        eprintln!(
            "{places} inboxes told; after {} deaths {again} were told something again",
            under_way.len()
        );
    }
}
