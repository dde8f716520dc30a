//! `belvedere user remove`

use std::io::{self, Write};

use accounts::{Actor, Users};
use anyhow::Result;
use clap::Args;
use serde::Serialize;

use super::view::UserView;
use super::who;
use crate::config::Settings;
use crate::output::{Answer, Output};

/// Remove a user with their keys and end what they do in browsers; a running server notices within two seconds
#[derive(Args, Debug)]
pub(super) struct Remove {
    /// Id, DID or handle
    user: String,
    #[command(flatten)]
    output: Output,
}

#[derive(Serialize)]
struct Removed {
    removed: UserView,
}

impl Remove {
    pub(super) async fn run(self, users: &Users, settings: &Settings) -> Result<()> {
        let user = who::find(&self.user, users, settings).await?;
        users.remove(&Actor::LocalOperator, &user.id).await?;
        Ok(self.output.print(&Removed { removed: user.into() })?)
    }
}

impl Answer for Removed {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        writeln!(to, "removed {}", self.removed.who())
    }
}
