//! One test, with a mistake or without.

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use crate::build::Built;
use crate::catalogue::{Killer, Mutant};
use crate::process::{self, Ended};

/// What chooses the mistake, see `faults`.
const CHOICE: &str = "FAULTS_MUTANT";

/// A test that takes longer hangs.
const LIMIT: Duration = Duration::from_mins(3);

/// What became of a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It passed.
    Passed,
    /// It failed, or its process died.
    Failed,
    /// It never ended.
    Hung,
}

/// A test that was run.
#[derive(Debug)]
pub struct Trial {
    /// How it went.
    pub verdict: Verdict,
    /// How long it took.
    pub took: Duration,
    /// What it printed.
    pub output: PathBuf,
}

/// Runs a test as it is.
pub fn clean(built: &Built, killer: &Killer, dir: &std::path::Path) -> Result<Trial> {
    let name = format!("clean-{}", killer.to_string().replace([' ', ':'], "-"));
    run(built, killer, None, dir.join(name))
}

/// Runs the test of a mistake with the mistake.
pub fn mutated(built: &Built, mutant: &Mutant, dir: &std::path::Path) -> Result<Trial> {
    run(built, &mutant.killer, Some(&mutant.name), dir.join(&mutant.name))
}

fn run(built: &Built, killer: &Killer, mutant: Option<&str>, output: PathBuf) -> Result<Trial> {
    let executable = built.of(killer)?;
    let mut command = Command::new(&executable.file);
    command.args(["--exact", &killer.test, "--nocapture"]).current_dir(&executable.dir);
    // As cargo does it, for tests that look for files of their own.
    command.env("CARGO_MANIFEST_DIR", &executable.dir).env_remove(CHOICE);
    if let Some(mutant) = mutant {
        command.env(CHOICE, mutant);
    }
    let start = Instant::now();
    let ended = process::run(command, &File::create(&output).context("the output of a test")?, LIMIT)?;
    let took = start.elapsed();
    let printed = fs::read(&output)?;
    let printed = String::from_utf8_lossy(&printed);
    ensure!(printed.contains("running 1 test\n"), "there is no test {killer}");
    Ok(Trial { verdict: verdict(ended), took, output })
}

fn verdict(ended: Ended) -> Verdict {
    match ended {
        Ended::ByItself(status) if status.success() => Verdict::Passed,
        Ended::ByItself(_) => Verdict::Failed,
        Ended::Cut => Verdict::Hung,
    }
}
