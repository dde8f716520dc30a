//! Two servers on one database and one cache: each delivery is made by one of them, and what one leaves behind the other makes.

use std::collections::BTreeSet;

use testkit::TestDatabase;
use testkit::fediverse::{Arrivals, Inboxes};

use super::home::{Home, count};

const HOSTS: usize = 100;
const FOLLOWERS: usize = 500;

/// Thoughts that are written at each of the two.
const THOUGHTS: usize = 3;

#[tokio::test(flavor = "multi_thread")]
async fn two_tell_everything_once_and_one_what_the_other_left() {
    let Some(database) = TestDatabase::postgres().await else { return };
    let Ok(cache) = std::env::var("TEST_VALKEY_URL") else {
        eprintln!("SKIPPED: this test on Valkey: set TEST_VALKEY_URL, or run it under scripts/with-services");
        return;
    };
    let (inboxes, settings) = (Inboxes::open(HOSTS).await, [("CACHE_URL", &*cache)]);
    let home = Home::followed(database, &settings, &inboxes, (FOLLOWERS, true)).await;
    let other = home.beside(&settings);
    let (first, second) = (home.start().await, other.start().await);

    let mut written = Vec::new();
    for n in 0..THOUGHTS {
        for (home, running) in [(&home, &first), (&other, &second)] {
            written.push(home.write(&running.server, &format!("number {n}")).await.1);
        }
    }
    inboxes.until(HOSTS * written.len()).await;
    assert_eq!(home.until_told().await, HOSTS * written.len());
    let activities = count(&home.store().await, "SELECT count(*) FROM social_activities").await;
    assert_eq!(activities, written.len(), "each event was taken up once");
    let arrived = inboxes.take();
    assert_eq!(arrived.len(), HOSTS * written.len(), "nothing was sent twice");
    // One connection of each server to each host at most, so both took part.
    let arrivals = Arrivals::verified(&arrived, &home.public_key);
    let told: Vec<(&str, &str)> = written.iter().map(|thought| ("Create", thought.as_str())).collect();
    arrivals.assert_told(HOSTS, &told);

    let (before, (_, last)) = (inboxes.count(), home.write(&first.server, "the last one").await);
    inboxes.until(before + HOSTS / 4).await;
    let under_way = [home.kill(first).await];
    inboxes.until(before + HOSTS).await;
    home.until_told().await;
    let arrivals = Arrivals::verified(&inboxes.take(), &home.public_key);
    arrivals.assert_told(HOSTS, &[("Create", &last)]);
    arrivals.assert_again_only(&under_way);
    second.server.terminate().await;
    let again: BTreeSet<_> = under_way.into_iter().flatten().collect();
    eprintln!("{} deliveries were under way at one of the two when it was killed", again.len());
}
