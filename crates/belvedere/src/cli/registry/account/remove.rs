//! `belvedere registry account remove`

use std::io::{self, Write};

use anyhow::Result;
use clap::Args;
use events::{Event, EventLog, kinds};
use hold::Usage;
use repos::LocalAccount;
use serde::Serialize;

use super::named;
use super::view::AccountView;
use crate::cli::confirmation::confirm;
use crate::cli::registry::opened::Opened;
use crate::output::{Answer, Output, size};

/// Remove an account with its repository, images and devices, for good
///
/// Blobs that only its images needed are removed by the next garbage collection. When this is interrupted, the same command goes on.
/// An account that the server was configured with is made anew, empty, when the server starts.
#[derive(Args, Debug)]
pub(super) struct Remove {
    /// Handle or DID
    account: String,
    /// Do not ask
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    output: Output,
}

#[derive(Serialize)]
struct Removed {
    removed: AccountView,
}

impl Remove {
    pub(super) async fn run(self, opened: &Opened<'_>, log: &EventLog) -> Result<()> {
        let account = named::find(&self.account, &opened.accounts).await?;
        let hold = opened.hold().await?;
        if !self.yes {
            ask(&account, &hold.usage(&account.did).await?)?;
        }
        registry::depart(&opened.store.state, &account.did).await?;
        hold.clear(&account.did).await?;
        // Last, so that it is found again if this is interrupted.
        opened.accounts.remove(&account.did).await?;
        log.record(Event::new(kinds::REGISTRY_ACCOUNT_DELETED).subject(account.did.as_str()));
        Ok(self.output.print(&Removed { removed: account.into() })?)
    }
}

fn ask(account: &LocalAccount, usage: &Usage) -> Result<()> {
    let (handle, blobs, size) = (&account.handle, usage.blobs, size(usage.bytes));
    confirm(
        &format!("{handle} has images of {blobs} blobs, {size}. Remove the account and all of it for good?"),
        "nothing was removed",
        "add --yes to remove it; `belvedere registry usage` says what it has",
    )
}

impl Answer for Removed {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        writeln!(to, "removed {}", self.removed.handle)
    }
}
