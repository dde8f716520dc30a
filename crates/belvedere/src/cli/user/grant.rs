//! `belvedere user grant`

use accounts::users::PermissionChange;
use accounts::{Actor, Users};
use anyhow::Result;
use clap::Args;

use super::view::UserView;
use super::who;
use crate::cli::granted::Granted;
use crate::config::Settings;
use crate::failure::Failure;
use crate::output::Output;

/// Give a user permissions; a running server notices within two seconds
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  belvedere user grant alice.example.com --permission lexicons:create")]
pub(super) struct Grant {
    /// Id, DID or handle
    user: String,
    #[command(flatten)]
    granted: Granted,
    #[command(flatten)]
    output: Output,
}

impl Grant {
    pub(super) async fn run(self, users: &Users, settings: &Settings) -> Result<()> {
        let change = PermissionChange { grant: named(&self.granted)?, ..PermissionChange::default() };
        let user = who::find(&self.user, users, settings).await?;
        let user = users.change_permissions(&Actor::LocalOperator, &user.id, &change).await?;
        Ok(self.output.print(&UserView::from(user))?)
    }
}

/// The permissions, of which there must be some.
pub(super) fn named(granted: &Granted) -> Result<Vec<String>> {
    if granted.is_empty() {
        return Err(Failure::new(
            "no permission is named",
            "say which with --template or --permission; `belvedere permission list` shows them all",
        )
        .into());
    }
    Ok(granted.names())
}
