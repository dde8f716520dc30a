//! `belvedere state verify`

use std::collections::BTreeSet;
use std::process::ExitCode;

use anyhow::{Context, Result};
use atproto::{Did, Nsid};
use backfill::verify::{Report, Verifier, VerifierConfig, listed, repos_here, sample};
use backfill::{Cause, NewJob, Scope};
use clap::Args;
use futures::TryStreamExt;
use remote::{Directory, Remote};
use store::Store;

use super::differences::Differences;
use super::indexed::among_indexed;
use super::progress;
use crate::cli::backfill::Opened;
use crate::cli::recorded::recorded;
use crate::config::Settings;
use crate::output::Output;
use crate::{databases, network};

const EXAMPLES: &str = "\
Examples:
  belvedere state verify                       50 repositories, chosen at random
  belvedere state verify --all --collection xyz.statusphere.status
  belvedere state verify --all --repair        fetch the repositories that differ again";

/// As many as the admin API takes.
const REPOS_OF_A_JOB: usize = 500;

/// Compare the index with the hosts of the repositories; only reads
///
/// What differs is looked at again after a few seconds, so that what the stream is just bringing does not count. Records
/// that were deleted here are not missing. Ends with exit code 1 if anything differs.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(super) struct Verify {
    /// Compare so many repositories, chosen at random
    #[arg(long, value_name = "N", default_value_t = 50, conflicts_with = "all")]
    sample: usize,
    /// Compare every repository
    #[arg(long)]
    all: bool,
    /// Compare only this collection; may be repeated [default: every indexed one]
    #[arg(long = "collection", value_name = "NSID", value_parser = Nsid::parse)]
    collections: Vec<Nsid>,
    /// Start jobs that fetch the repositories that differ again
    #[arg(long)]
    repair: bool,
    #[command(flatten)]
    output: Output,
}

impl Verify {
    pub(super) async fn run(self, settings: &Settings) -> Result<ExitCode> {
        let store = databases::open_existing(settings).await?;
        let collections = among_indexed(&store, &self.collections).await?;
        let outbound = network::outbound_in_background(settings).await?;
        let directory = Directory::new(outbound.clone(), settings.relay_url.clone());
        let dids = self.population(&store, &directory, &collections).await?;
        let resolver = network::resolver(settings, outbound.clone());
        let remote = Remote::new(outbound, resolver, network::remote_of_history(settings));
        let verifier = Verifier::new(store.clone(), remote, collections.clone(), VerifierConfig::default());
        let report = verify(&verifier, dids).await?;
        let jobs =
            if self.repair { repair(settings, &store, &collections, &report).await? } else { Vec::new() };
        self.output.print(&Differences::new(&report, jobs))?;
        Ok(if report.differing.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    /// Of the repositories that are here and those that the relay lists, all or some.
    async fn population(
        &self,
        store: &Store,
        directory: &Directory,
        collections: &[Nsid],
    ) -> Result<Vec<Did>> {
        let mut dids: BTreeSet<Did> =
            repos_here(&store.index, collections).await.context("looking for repositories")?;
        match listed(directory, collections).await {
            Ok(others) => dids.extend(others),
            Err(error) => {
                eprintln!(
                    "note: only repositories that are here are compared, for the relay lists none: {error}"
                );
            }
        }
        let size = if self.all { dids.len() } else { self.sample };
        Ok(sample(dids, size, &mut rand::rng()))
    }
}

/// Jobs for the repositories that differ.
async fn repair(
    settings: &Settings,
    store: &Store,
    collections: &[Nsid],
    report: &Report,
) -> Result<Vec<String>> {
    let dids: Vec<Did> = report.differing.iter().map(|(did, _)| did.clone()).collect();
    recorded(&store.state, async |log| {
        let opened = Opened::new(settings, store, log).await?;
        let mut jobs = Vec::new();
        for dids in dids.chunks(REPOS_OF_A_JOB) {
            let job = NewJob {
                collections: collections.to_vec(),
                scope: Scope::Repos(dids.to_vec()),
                mode: settings.backfill_mode,
                verified: settings.backfill_verified,
                cause: Cause::Manual,
                by: None,
            };
            jobs.push(opened.backfills.start(job).await?.id.clone());
        }
        if !jobs.is_empty() {
            opened.note_if_unattended().await?;
        }
        Ok(jobs)
    })
    .await
}

async fn verify(verifier: &Verifier, dids: Vec<Did>) -> Result<Report> {
    let bar = progress::repos(dids.len() as u64)?.with_prefix("Comparing");
    let reports = verifier.verify(dids).inspect_ok(|_| bar.inc(1));
    let report = reports.try_fold(Report::default(), async |mut report, repo| {
        report.add(repo);
        Ok(report)
    });
    let report = report.await;
    bar.finish_and_clear();
    Ok(report?)
}
