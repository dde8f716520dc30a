//! `belvedere account show`

use anyhow::Result;
use clap::Args;
use sync::Operator;

use super::named;
use super::view::AccountView;
use crate::output::Output;

/// Show one account with how much it has here
#[derive(Args, Debug)]
pub(super) struct Show {
    /// The id that `belvedere account list` shows
    id: String,
    #[command(flatten)]
    output: Output,
}

impl Show {
    pub(super) async fn run(self, operator: &Operator) -> Result<()> {
        let account = named::find(&self.id, operator).await?;
        Ok(self.output.print(&AccountView::from(account))?)
    }
}
