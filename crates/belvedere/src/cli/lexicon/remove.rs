//! `belvedere lexicon remove`

use anyhow::Result;
use appview::Lexicons;
use clap::Args;

use super::show::not_here;
use crate::cli::removal::remove_each;
use crate::output::Output;

/// Remove lexicons; the records that were indexed for them stay
#[derive(Args, Debug)]
pub(super) struct Remove {
    /// NSIDs of the lexicons
    #[arg(required = true, value_name = "ID")]
    ids: Vec<String>,
    #[command(flatten)]
    output: Output,
}

impl Remove {
    pub(super) async fn run(self, lexicons: &Lexicons) -> Result<()> {
        remove_each(
            self.ids,
            self.output,
            async |id: &String| Ok(lexicons.remove(id).await?),
            |id| not_here(id),
        )
        .await
    }
}
