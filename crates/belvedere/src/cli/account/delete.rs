//! `belvedere account delete`

use std::io::{self, Write};

use anyhow::Result;
use clap::Args;
use events::{Event, EventLog, kinds};
use serde::Serialize;
use sync::{Figures, Operator};

use super::named::{find, not_here};
use super::view::AccountView;
use crate::cli::confirmation::confirm;
use crate::output::{Answer, Output, size};

/// Delete an account with everything it has here, for good
///
/// As if it had deleted itself: tokens first, then every row. Attachments in a bucket are removed by the running server, or by
/// the next one. When this is interrupted, the next server or the same command goes on. The same key may begin anew, with
/// nothing.
#[derive(Args, Debug)]
pub(super) struct Delete {
    /// The id that `belvedere account list` shows
    id: String,
    /// Do not ask
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    output: Output,
}

#[derive(Serialize)]
struct Deleted {
    deleted: AccountView,
}

impl Delete {
    pub(super) async fn run(self, operator: &Operator, log: &EventLog) -> Result<()> {
        let account = find(&self.id, operator).await?;
        if !self.yes {
            ask(&account)?;
        }
        if !operator.delete(&account.id).await? {
            return Err(not_here(&account.id).into());
        }
        log.record(Event::new(kinds::RELAY_ACCOUNT_DELETED).subject(&account.id));
        Ok(self.output.print(&Deleted { deleted: account.into() })?)
    }
}

impl Answer for Deleted {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        writeln!(to, "deleted {}", self.deleted.id)
    }
}

fn ask(account: &Figures) -> Result<()> {
    let Figures { id, sessions, messages, bytes, .. } = account;
    let size = size(*bytes);
    confirm(
        &format!("{id} has {sessions} sessions with {messages} messages, {size}. Delete all of it for good?"),
        "nothing was deleted",
        "add --yes to delete it; `belvedere account show` says what it has",
    )
}
