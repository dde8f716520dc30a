//! `belvedere dead-letter dismiss`

use anyhow::Result;
use clap::Args;
use scripts::DeadLetters;

use super::not_here;
use super::selection::Selection;
use crate::cli::removal::remove_each;
use crate::output::Output;

/// Let dead letters be; their records stay as they are
#[derive(Args, Debug)]
pub(super) struct Dismiss {
    #[command(flatten)]
    selection: Selection,
    #[command(flatten)]
    output: Output,
}

impl Dismiss {
    pub(super) async fn run(self, letters: &DeadLetters) -> Result<()> {
        let ids = self.selection.ids(letters).await?;
        remove_each(ids, self.output, async |id: &i64| Ok(letters.dismiss(*id).await?), |id| not_here(*id))
            .await
    }
}
