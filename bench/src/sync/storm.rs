//! Eight who post and a hundred who listen and keep leaving, while servers are killed.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rand::RngExt;
use testkit::relay::{Down, Plan, ride_out};
use testkit::{BelvedereOptions, TestDatabase};

use crate::process::to_f64;
use crate::report::Report;

const PLAN: Plan = Plan { posters: 8, at_least: 500, listeners: 100, leaves_after: Some(500), bytes: 700 };

const KILLS: usize = 5;

/// With one server on SQLite, and, where there are PostgreSQL and Valkey, with two on them. What goes wrong panics.
pub(super) async fn run(binary: &Path, report: &mut Report) {
    one("storm, one server on SQLite", TestDatabase::sqlite(), 1, binary, None, report).await;
    let cache = std::env::var("TEST_VALKEY_URL").ok();
    let (Some(database), Some(cache)) = (TestDatabase::postgres().await, cache) else { return };
    let name = "storm, two servers on PostgreSQL and Valkey";
    one(name, database, 2, binary, Some(&cache), report).await;
}

async fn one(
    name: &str,
    database: TestDatabase,
    servers: usize,
    binary: &Path,
    cache: Option<&str>,
    report: &mut Report,
) {
    let database = Arc::new(database);
    let dirs: Vec<_> = (0..servers).map_while(|_| tempfile::tempdir().ok()).collect();
    let options: Vec<BelvedereOptions> = dirs
        .iter()
        .map(|dir| {
            let options = BelvedereOptions::new(database.dir().unwrap_or(dir.path())).of_program(binary);
            let options = options
                .with("APPS", "sync")
                .with("MASTER_SECRET", "an example of a master secret of benchmarks");
            let options = match database.dir() {
                Some(_) => options,
                None => options.with("DATABASE_URL", &database.url()),
            };
            let options = cache.into_iter().fold(options, |options, cache| options.with("CACHE_URL", cache));
            options.at_a_port()
        })
        .collect();
    let downs: Vec<Down> = (0..KILLS)
        .map(|_| Down {
            server: rand::rng().random_range(0..servers),
            after: Duration::from_millis(rand::rng().random_range(500..3_000)),
            lasts: Duration::from_millis(rand::rng().random_range(0..500)),
        })
        .collect();
    let outcome = ride_out(&options, PLAN, &downs).await;
    report.figure(format!("{name}: messages, all in order everywhere"), to_f64(outcome.messages), "");
    report.figure(
        format!("{name}: connections"),
        to_f64(usize::try_from(outcome.connections).unwrap_or(0)),
        "",
    );
}
