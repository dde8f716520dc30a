//! `belvedere script run`

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use super::report::Tried;
use super::tried_on::TriedOn;
use crate::cli::with_appview::with_appview;
use crate::config::Settings;
use crate::output::Output;

const EXAMPLES: &str = "\
It acts for nobody, so it cannot write to anybody's repository; everything else it does is done.

Examples:
  belvedere script run xrpc.query:com.example.getNotes --event '{\"params\": {\"limit\": 3}}' --json | jq .result
  belvedere script run xrpc.procedure:com.example.tidy --event input.json
  belvedere script test xrpc.procedure:com.example.tidy --event input.json     the same without effects

Exits with 1 if the script fails.";

/// Run the script of a query, procedure or job once, with its effects
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(super) struct Run {
    /// When the script runs
    #[arg(value_name = "TRIGGER")]
    id: String,
    #[command(flatten)]
    tried_on: TriedOn,
    #[command(flatten)]
    output: Output,
}

impl Run {
    pub(super) async fn run(self, settings: &Settings) -> Result<ExitCode> {
        let attempt = self.tried_on.read()?;
        let report =
            with_appview(settings, async |appview| Ok(appview.trials().run(&self.id, attempt).await?))
                .await?;
        let failed = report.error.is_some();
        self.output.print(&Tried::new(self.id, report))?;
        Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
    }
}
