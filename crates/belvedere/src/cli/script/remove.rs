//! `belvedere script remove`

use anyhow::Result;
use clap::Args;
use scripts::ScriptTable;

use super::not_here;
use crate::cli::removal::remove_each;
use crate::output::Output;

/// Remove scripts; what they decided about stays as they decided
///
/// A script that comes from a file of the watched folder goes when its file does.
#[derive(Args, Debug)]
pub(super) struct Remove {
    /// Triggers of the scripts
    #[arg(required = true, value_name = "TRIGGER")]
    ids: Vec<String>,
    /// Also those that come from files: for when no server watches their folder any more
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    output: Output,
}

impl Remove {
    pub(super) async fn run(self, scripts: &ScriptTable) -> Result<()> {
        let force = self.force;
        let remove = async |id: &String| {
            Ok(if force { scripts.remove_anyway(id, None).await } else { scripts.remove(id, None).await }?)
        };
        remove_each(self.ids, self.output, remove, |id| not_here(id)).await
    }
}
