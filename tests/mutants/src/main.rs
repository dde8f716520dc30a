//! Makes each mistake of the catalogue, or those named, and sees that its test notices.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use anyhow::Result;
use mutants::build::{Built, build};
use mutants::catalogue::{self, Killer, Mutant};
use mutants::score::{Fate, Line, Score};
use mutants::trial::{self, Trial, Verdict};

/// Tests that run at once.
const AT_ONCE: usize = 3;

fn main() -> Result<ExitCode> {
    let names: Vec<String> = std::env::args().skip(1).collect();
    let mutants = catalogue::of(&names)?;
    let built = build(&mutants)?;
    // Where cargo builds, so that it is cleaned up with the rest.
    let output = output_dir()?;
    let start = Instant::now();

    let killers: BTreeSet<&Killer> = mutants.iter().map(|mutant| &mutant.killer).collect();
    let killers: Vec<&Killer> = killers.into_iter().collect();
    println!("{} tests as they are", killers.len());
    let unfit = unfit(&built, &killers, &output)?;

    println!("{} mistakes", mutants.len());
    let total = mutants.len();
    let lines = each(&mutants, |number, mutant| {
        let line = line(&built, mutant, unfit.contains(&&mutant.killer), &output)?;
        println!(
            "{:>4}/{total}  {:<8}  {:>6.1} s  {}",
            number,
            line.fate,
            line.took.as_secs_f64(),
            line.name
        );
        Ok(line)
    })?;
    let mut score = Score(lines);
    score.0.sort_by(|one, other| one.name.cmp(&other.name));
    println!("\n{score}, in {:.0} s", start.elapsed().as_secs_f64());
    println!("What the tests printed is in {}", output.display());
    Ok(if score.is_full() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn output_dir() -> Result<PathBuf> {
    let program = std::env::current_exe()?;
    let dir = program.parent().unwrap_or(Path::new(".")).join("mutants-output");
    std::fs::create_dir_all(&dir)?;
    Ok(dir)
}

/// The tests that fail by themselves.
fn unfit<'k>(built: &Built, killers: &[&'k Killer], output: &Path) -> Result<BTreeSet<&'k Killer>> {
    let tried = each(killers, |number, killer| {
        let Trial { verdict, took, output } = trial::clean(built, killer, output)?;
        let is_fit = verdict == Verdict::Passed;
        let word = if is_fit { "passes" } else { "FAILS" };
        println!("{number:>4}/{}  {word:<8}  {:>6.1} s  {killer}", killers.len(), took.as_secs_f64());
        if !is_fit {
            println!("      {verdict:?}, see {}", output.display());
        }
        Ok((*killer, is_fit))
    })?;
    Ok(tried.into_iter().filter(|(_, is_fit)| !is_fit).map(|(killer, _)| killer).collect())
}

fn line(built: &Built, mutant: &Mutant, is_unfit: bool, output: &Path) -> Result<Line> {
    let tried = if is_unfit { None } else { Some(trial::mutated(built, mutant, output)?) };
    let fate = Fate::of(tried.as_ref().map(|trial| trial.verdict), mutant.may_hang);
    let took = tried.map(|trial| trial.took).unwrap_or_default();
    Ok(Line { name: mutant.name.clone(), models: mutant.models.clone(), fate, took })
}

/// Does something with each, a few at once, numbered as they begin.
fn each<I: Sync, T: Send>(items: &[I], work: impl Fn(usize, &I) -> Result<T> + Sync) -> Result<Vec<T>> {
    let (next, done) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let worker = || -> Result<()> {
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(number) else { return Ok(()) };
            let outcome = work(number + 1, item)?;
            done.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(outcome);
        }
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..AT_ONCE).map(|_| scope.spawn(worker)).collect();
        workers
            .into_iter()
            .try_for_each(|worker| worker.join().unwrap_or_else(|_| anyhow::bail!("a worker panicked")))
    })?;
    Ok(done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner))
}
