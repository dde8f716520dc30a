//! `belvedere registry account list`

use std::io::{self, Write};

use anyhow::Result;
use clap::Args;
use repos::LocalAccounts;
use serde::Serialize;

use super::view::AccountView;
use crate::output::{Answer, Output, Table};

/// List all accounts that are at home here, by handle
#[derive(Args, Debug)]
pub(super) struct List {
    #[command(flatten)]
    output: Output,
}

#[derive(Serialize)]
#[serde(transparent)]
struct Listed(Vec<AccountView>);

impl List {
    pub(super) async fn run(self, accounts: &LocalAccounts) -> Result<()> {
        let accounts = accounts.list().await?.into_iter().map(AccountView::from).collect();
        Ok(self.output.print(&Listed(accounts))?)
    }
}

impl Answer for Listed {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        if self.0.is_empty() {
            return writeln!(to, "no accounts; `belvedere registry account add` makes one");
        }
        let mut table = Table::new(["HANDLE", "DID", "CREATED"]);
        for account in &self.0 {
            table.row([account.handle.clone(), account.did.clone(), account.created_at.clone()]);
        }
        write!(to, "{table}")
    }
}
