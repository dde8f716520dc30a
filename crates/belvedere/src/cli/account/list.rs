//! `belvedere account list`

use std::io::{self, Write};

use anyhow::Result;
use clap::Args;
use serde::Serialize;
use sync::Operator;

use super::view::AccountView;
use crate::output::{Answer, Output, Table, size};

/// List the newest accounts with how much each has here
///
/// Messages and bytes are counted one by one, which takes a moment where there are millions.
#[derive(Args, Debug)]
pub(super) struct List {
    /// How many at most
    #[arg(long, default_value_t = 50)]
    limit: u32,
    #[command(flatten)]
    output: Output,
}

#[derive(Serialize)]
#[serde(transparent)]
struct Listed(Vec<AccountView>);

impl List {
    pub(super) async fn run(self, operator: &Operator) -> Result<()> {
        let accounts = operator.accounts(self.limit).await?;
        Ok(self.output.print(&Listed(accounts.into_iter().map(AccountView::from).collect()))?)
    }
}

impl Answer for Listed {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        if self.0.is_empty() {
            return writeln!(to, "no accounts; whoever signs in with a device makes one");
        }
        let mut table =
            Table::new(["ACCOUNT", "MADE", "LAST USED", "SESSIONS", "MESSAGES", "ATTACHMENTS", "SIZE"]);
        for account in &self.0 {
            table.row([
                account.id.clone(),
                account.created_at.clone(),
                account.last_used().to_owned(),
                account.sessions.to_string(),
                account.messages.to_string(),
                account.attachments.to_string(),
                size(account.bytes),
            ]);
        }
        write!(to, "{table}")
    }
}
