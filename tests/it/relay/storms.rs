//! Killed at random moments, with clients that come and go: every listener knows the same log in the end, without gaps, and
//! is told nothing out of order. `bench sync` does the same with many more.

use std::sync::Arc;
use std::time::Duration;

use testkit::relay::{Down, Plan, ride_out};
use testkit::{BelvedereOptions, TestDatabase};

use super::relays::Relay;
use crate::chance::Chance;

const KILLS: usize = 6;

const PLAN: Plan = Plan { posters: 8, at_least: 60, listeners: 100, leaves_after: Some(40), bytes: 700 };

#[tokio::test(flavor = "multi_thread")]
async fn one_server_on_sqlite_loses_nothing() {
    storm(TestDatabase::sqlite(), 1, &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_server_on_postgres_loses_nothing() {
    if let Some(database) = TestDatabase::postgres().await {
        storm(database, 1, &[]).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_lose_nothing() {
    let Some(database) = TestDatabase::postgres().await else { return };
    let Ok(cache) = std::env::var("TEST_VALKEY_URL") else {
        eprintln!("SKIPPED: this test on Valkey: set TEST_VALKEY_URL, or run it under scripts/with-services");
        return;
    };
    storm(database, 2, &[("CACHE_URL", &cache)]).await;
}

async fn storm(database: TestDatabase, servers: usize, settings: &[(&str, &str)]) {
    let (database, chance) = (Arc::new(database), Chance::new());
    let relays: Vec<Relay> = (0..servers).map(|_| Relay::new(&database, settings)).collect();
    let options: Vec<BelvedereOptions> = relays.iter().map(|relay| relay.options.clone()).collect();
    let pause = |up_to_ms| Duration::from_millis(chance.below(up_to_ms) as u64);
    let downs =
        [(); KILLS].map(|()| Down { server: chance.below(servers), after: pause(1_500), lasts: pause(300) });
    let outcome = ride_out(&options, PLAN, &downs).await;
    println!("{outcome:?}");
    assert!(outcome.told > 0 && outcome.connections > PLAN.listeners as u64, "{outcome:?}");
}
