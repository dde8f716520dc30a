//! `belvedere user add`

use accounts::users::NewUser;
use accounts::{Actor, Users};
use anyhow::Result;
use clap::Args;

use super::view::UserView;
use super::who;
use crate::cli::granted::Granted;
use crate::config::Settings;
use crate::output::Output;

const EXAMPLES: &str = "\
Examples:
  belvedere user add alice.example.com --template operator
  belvedere user add did:plc:ewvi7nxzyoun6zhxrhs64oiz --template viewer --permission lexicons:create

The first person who signs in to a server without users becomes its super user. Once somebody was added that is over, and
`belvedere user transfer-super` says who it is.";

/// Add somebody who may do more than anybody may
///
/// They sign in with their own account; there is no password to set. Without --template and --permission they may sign
/// in to the dashboard and nothing else.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(super) struct Add {
    /// DID or handle
    user: String,
    #[command(flatten)]
    granted: Granted,
    #[command(flatten)]
    output: Output,
}

impl Add {
    pub(super) async fn run(self, users: &Users, settings: &Settings) -> Result<()> {
        let did = who::did(&self.user, settings).await?;
        let new = NewUser { did, template: None, permissions: self.granted.names() };
        let user = UserView::from(users.create(&Actor::LocalOperator, new).await?);
        self.output.print(&user)?;
        if !users.list().await?.iter().any(|user| user.is_super) {
            eprintln!(
                "note: nobody is the super user, and signing in no longer makes anybody it; \
                 `belvedere user transfer-super USER` does"
            );
        }
        Ok(())
    }
}
