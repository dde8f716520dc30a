//! `belvedere user show`

use accounts::Users;
use anyhow::Result;
use clap::Args;

use super::view::UserView;
use super::who;
use crate::config::Settings;
use crate::output::Output;

/// Show one user with everything they may do
#[derive(Args, Debug)]
pub(super) struct Show {
    /// Id, DID or handle
    user: String,
    #[command(flatten)]
    output: Output,
}

impl Show {
    pub(super) async fn run(self, users: &Users, settings: &Settings) -> Result<()> {
        let user = who::find(&self.user, users, settings).await?;
        Ok(self.output.print(&UserView::from(user))?)
    }
}
