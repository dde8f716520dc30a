//! `belvedere registry account password`

use std::io::{self, Write};

use accounts::browser_sessions;
use anyhow::Result;
use clap::Args;
use events::{Event, EventLog, kinds};
use serde::Serialize;

use super::named;
use super::secret::Secret;
use crate::cli::registry::opened::Opened;
use crate::output::{Answer, Output};

/// Give an account another password
///
/// Whoever is signed in in a browser has to sign in again, and the old password is taken no more. Devices that were approved stay.
#[derive(Args, Debug)]
pub(super) struct Password {
    /// Handle or DID
    account: String,
    #[command(flatten)]
    secret: Secret,
    #[command(flatten)]
    output: Output,
}

#[derive(Serialize)]
struct IsSet {
    did: String,
}

impl Password {
    pub(super) async fn run(self, opened: &Opened<'_>, log: &EventLog) -> Result<()> {
        let did = named::find(&self.account, &opened.accounts).await?.did;
        opened.accounts.set_password(&did, &self.secret.read()?).await?;
        // After it is set: nobody begins another with the old one.
        let owner = did.to_string();
        let ended = opened.store.state.write(move |conn| browser_sessions::end_all_of(conn, &owner));
        ended.await?;
        log.record(Event::new(kinds::REGISTRY_ACCOUNT_PASSWORD_SET).subject(did.as_str()));
        Ok(self.output.print(&IsSet { did: did.to_string() })?)
    }
}

impl Answer for IsSet {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        writeln!(to, "set the password of {}", self.did)
    }
}
