//! Each scenario with three seeds on each kind of database. `make soak` takes a hundred.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod captures;

use std::collections::BTreeSet;
use std::path::Path;

use soak::{CRASH_POINTS, SCENARIOS, Stage, run};

const SEEDS: [u64; 3] = [1, 2, 3];

async fn play(name: &str) {
    let scenario = SCENARIOS.iter().find(|scenario| scenario.name == name).unwrap();
    let (stage, mut failures) = (Stage::default(), Vec::new());
    for kind in scenario.kinds {
        for seed in SEEDS {
            let Some(outcome) = run(&stage, scenario, *kind, seed).await else { continue };
            failures
                .extend(outcome.failure.as_ref().map(|failure| format!("{}: {failure}", outcome.again())));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// A moment that is marked in the program and that no scenario knows would prove nothing.
#[test]
fn every_crash_point_is_known() {
    let mut marked = BTreeSet::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../../crates")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs")
                && !path.ends_with("faults/src/lib.rs")
            {
                let text = std::fs::read_to_string(&path).unwrap();
                let names = text.split("crash_point!(\"").skip(1).filter_map(|rest| rest.split('"').next());
                marked.extend(names.map(str::to_owned));
            }
        }
    }
    assert_eq!(marked, CRASH_POINTS.iter().map(|point| point.name.to_owned()).collect());
}

macro_rules! scenarios {
    ($($test:ident: $name:literal),* $(,)?) => {
        $(#[tokio::test(flavor = "multi_thread")]
        async fn $test() {
            play($name).await;
        })*

        #[test]
        fn every_scenario_is_played() {
            let names: Vec<_> = SCENARIOS.iter().map(|scenario| scenario.name).collect();
            assert_eq!(names, [$($name),*]);
        }
    };
}

scenarios! {
    duplicates: "duplicates",
    reordering: "reordering",
    replays: "replays",
    gaps: "gaps",
    hostile: "hostile",
    forgeries: "forgeries",
    sockets: "sockets",
    accounts: "accounts",
    moves: "moves",
    decisions: "decisions",
    history: "history",
    failover: "failover",
    slow_disk: "slow-disk",
    full_disk: "full-disk",
    clock: "clock",
    pauses: "pauses",
    kills: "kills",
    database: "database",
    crashes: "crashes",
    labels: "labels",
    images: "images",
    deliveries: "deliveries",
    everything: "everything",
}
