//! `belvedere user revoke`

use accounts::users::PermissionChange;
use accounts::{Actor, Users};
use anyhow::Result;
use clap::Args;

use super::grant::named;
use super::view::UserView;
use super::who;
use crate::cli::granted::Granted;
use crate::config::Settings;
use crate::output::Output;

/// Take permissions from a user and so from their keys; a running server notices within two seconds
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  belvedere user revoke alice.example.com --permission lexicons:create")]
pub(super) struct Revoke {
    /// Id, DID or handle
    user: String,
    #[command(flatten)]
    granted: Granted,
    #[command(flatten)]
    output: Output,
}

impl Revoke {
    pub(super) async fn run(self, users: &Users, settings: &Settings) -> Result<()> {
        let change = PermissionChange { revoke: named(&self.granted)?, ..PermissionChange::default() };
        let user = who::find(&self.user, users, settings).await?;
        let user = users.change_permissions(&Actor::LocalOperator, &user.id, &change).await?;
        Ok(self.output.print(&UserView::from(user))?)
    }
}
