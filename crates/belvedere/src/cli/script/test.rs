//! `belvedere script test`

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use clap::builder::PossibleValuesParser;

use super::report::Tried;
use super::tried_on::TriedOn;
use crate::cli::with_appview::with_appview;
use crate::config::Settings;
use crate::output::Output;

const EXAMPLES: &str = "\
Looking works (db.query, http.get and the like); what would have effects is refused. What the event may hold:
  record.*         record, in place of the one that is here
  xrpc.query       params, caller_did
  xrpc.procedure   params, input, caller_did, delegate_did
  labeler.apply    src, uri, val, neg, cts, exp
  job.run          input, progress, caller_did

Examples:
  belvedere script test record.index:com.example.note                    the stored script on the newest record
  belvedere script test record.index:com.example.note --file notes.lua   one that is not stored yet
  belvedere script test record.index:com.example.note --uri at://did:plc:…/com.example.note/3k… --action delete
  belvedere script test xrpc.query:com.example.getNotes --event '{\"params\": {\"limit\": 3}}'

Exits with 1 if the script fails.";

/// Try a script on a real record, without effects, and see what would become of it
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(super) struct Test {
    /// When the script runs
    #[arg(value_name = "TRIGGER")]
    id: String,
    #[command(flatten)]
    tried_on: TriedOn,
    /// The record to try it on [default: the newest of the collection]
    #[arg(long, value_name = "AT_URI")]
    uri: Option<String>,
    /// What happens to the record [default: what the trigger says, or update]
    #[arg(long, value_parser = PossibleValuesParser::new(["create", "update", "delete"]))]
    action: Option<String>,
    #[command(flatten)]
    output: Output,
}

impl Test {
    pub(super) async fn run(self, settings: &Settings) -> Result<ExitCode> {
        let mut attempt = self.tried_on.read()?;
        (attempt.uri, attempt.action) = (self.uri, self.action);
        let report =
            with_appview(settings, async |appview| Ok(appview.trials().test(&self.id, attempt).await?))
                .await?;
        let failed = report.error.is_some();
        self.output.print(&Tried::new(self.id, report))?;
        Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
    }
}
