//! `make soak`: many seeds of all scenarios, several at a time.
//!
//! | Variable | Meaning |
//! |---|---|
//! | `SEEDS` | how many seeds, 100 by default |
//! | `SOAK_SEED` | this seed alone; otherwise they begin with 1 |
//! | `SCENARIO` | this scenario alone |
//! | `ENGINE` | `sqlite` or `postgres` alone |
//! | `JOBS` | runs at a time, 3 by default |

use std::env;
use std::io::{IsTerminal, Write, stderr};
use std::process::ExitCode;

use futures::StreamExt;
use futures::stream;
use soak::{Kind, Report, SCENARIOS, Scenario, Stage, run};

fn number(name: &str) -> Result<Option<u64>, String> {
    let text = env::var(name).ok().filter(|text| !text.is_empty());
    text.map(|text| text.parse().map_err(|_| format!("{name} is a number, not {text:?}"))).transpose()
}

/// What is to be run: the number of each scenario, the kind of database, the seed.
fn chosen() -> Result<Vec<(usize, &'static Scenario, Kind, u64)>, String> {
    let name = env::var("SCENARIO").ok().filter(|name| !name.is_empty());
    let engine = env::var("ENGINE").ok().filter(|engine| !engine.is_empty());
    let seeds = match number("SOAK_SEED")? {
        Some(seed) => vec![seed],
        None => (1..=number("SEEDS")?.unwrap_or(100)).collect(),
    };
    let mut chosen = Vec::new();
    for seed in seeds {
        for (at, scenario) in SCENARIOS.iter().enumerate() {
            if name.as_deref().is_some_and(|name| name != scenario.name) {
                continue;
            }
            let kinds = scenario
                .kinds
                .iter()
                .filter(|kind| engine.as_deref().is_none_or(|engine| engine == kind.to_string()));
            chosen.extend(kinds.map(|kind| (at, scenario, *kind, seed)));
        }
    }
    if chosen.is_empty() {
        let names: Vec<_> = SCENARIOS.iter().map(|scenario| scenario.name).collect();
        return Err(format!("there is no such scenario; there are: {}", names.join(", ")));
    }
    Ok(chosen)
}

async fn soak() -> Result<Report, String> {
    let (chosen, jobs) = (chosen()?, number("JOBS")?.unwrap_or(3));
    let all = chosen.len();
    let stage = &Stage::default();
    let runs = chosen
        .into_iter()
        .map(|(at, scenario, kind, seed)| async move { (at, run(stage, scenario, kind, seed).await) });
    let mut runs = stream::iter(runs).buffer_unordered(usize::try_from(jobs).unwrap_or(1).max(1));
    let (mut report, mut done) = (Report::default(), 0);
    while let Some((at, outcome)) = runs.next().await {
        done += 1;
        let Some(outcome) = outcome else { continue };
        let (_, failed) = report.counts();
        let line = format!(
            "{done}/{all}, {failed} failed; seed {} of {} on {}: {:.1} s",
            outcome.seed,
            outcome.scenario,
            outcome.kind,
            outcome.took.as_secs_f64()
        );
        report.add(at, outcome);
        // One line that is written over on a terminal; in a log, one now and then.
        if stderr().is_terminal() {
            eprint!("\r\x1b[K{line}");
            _ = stderr().flush();
        } else if done % 20 == 0 {
            eprintln!("{line}");
        }
    }
    if stderr().is_terminal() {
        eprintln!();
    }
    Ok(report)
}

#[tokio::main]
async fn main() -> ExitCode {
    match soak().await {
        Ok(report) => {
            println!("{report}");
            if report.counts().1 == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}
