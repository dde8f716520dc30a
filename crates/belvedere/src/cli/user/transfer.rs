//! `belvedere user transfer-super`

use accounts::{Actor, Users};
use anyhow::Result;
use clap::Args;

use super::view::UserView;
use super::who;
use crate::config::Settings;
use crate::output::Output;

/// Make a user the super user, the only one who may do everything; whoever it was keeps their permissions
///
/// A running server notices within two seconds.
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  belvedere user transfer-super alice.example.com")]
pub(super) struct TransferSuper {
    /// Id, DID or handle
    user: String,
    #[command(flatten)]
    output: Output,
}

impl TransferSuper {
    pub(super) async fn run(self, users: &Users, settings: &Settings) -> Result<()> {
        let user = who::find(&self.user, users, settings).await?;
        let user = users.transfer_super(&Actor::LocalOperator, &user.id).await?;
        Ok(self.output.print(&UserView::from(user))?)
    }
}
