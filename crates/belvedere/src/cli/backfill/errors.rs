//! `belvedere backfill errors`

use std::io::{self, Write};

use anyhow::Result;
use atproto::Did;
use backfill::FailedRepo;
use clap::Args;
use serde::Serialize;

use super::opened::Opened;
use crate::output::{Answer, Output, Table};

/// List what a job could not fetch, and why
#[derive(Args, Debug)]
pub(super) struct Errors {
    /// The id that `belvedere backfill list` shows
    id: String,
    /// At most so many
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=1000))]
    limit: u32,
    /// Those after this DID
    #[arg(long, value_name = "DID", value_parser = Did::parse)]
    after: Option<Did>,
    #[command(flatten)]
    output: Output,
}

#[derive(Serialize)]
#[serde(transparent)]
struct Failures(Vec<Failed>);

/// The fields of the admin API.
#[derive(Serialize)]
struct Failed {
    did: String,
    pds_endpoint: Option<String>,
    quarantined: bool,
    reason: String,
    records_fetched: i64,
}

impl Errors {
    pub(super) async fn run(self, opened: &Opened<'_>) -> Result<()> {
        let failed = opened.backfills.errors(&self.id, self.after, self.limit).await?;
        Ok(self.output.print(&Failures(failed.into_iter().map(Failed::new).collect()))?)
    }
}

impl Failed {
    fn new(repo: FailedRepo) -> Self {
        Self {
            did: repo.did.to_string(),
            pds_endpoint: repo.pds_endpoint,
            quarantined: repo.quarantined,
            reason: repo.reason,
            records_fetched: repo.records_fetched,
        }
    }
}

impl Answer for Failures {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        if self.0.is_empty() {
            return writeln!(to, "everything was fetched, so far");
        }
        let mut table = Table::new(["DID", "HOST", "REASON"]);
        for failed in &self.0 {
            let host = failed.pds_endpoint.clone().unwrap_or_else(|| "unknown".to_owned());
            table.row([failed.did.clone(), host, failed.reason.clone()]);
        }
        write!(to, "{table}")
    }
}
