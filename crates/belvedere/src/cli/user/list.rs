//! `belvedere user list`

use std::io::{self, Write};

use accounts::Users;
use anyhow::Result;
use clap::Args;
use serde::Serialize;

use super::view::UserView;
use crate::output::{Answer, Output, Table};

/// List all users, the local operator among them once it has made a key
#[derive(Args, Debug)]
pub(super) struct List {
    #[command(flatten)]
    output: Output,
}

#[derive(Serialize)]
#[serde(transparent)]
struct Listed(Vec<UserView>);

impl List {
    pub(super) async fn run(self, users: &Users) -> Result<()> {
        let users = users.list().await?.into_iter().map(UserView::from).collect();
        Ok(self.output.print(&Listed(users))?)
    }
}

impl Answer for Listed {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        if self.0.is_empty() {
            return writeln!(to, "no users; the first person who signs in becomes the super user");
        }
        let mut table = Table::new(["USER", "ROLE", "PERMISSIONS", "LAST SEEN", "ID"]);
        for user in &self.0 {
            table.row([
                user.who().to_owned(),
                user.role().to_owned(),
                user.permissions.len().to_string(),
                user.last_seen().to_owned(),
                user.id.clone(),
            ]);
        }
        write!(to, "{table}")
    }
}
