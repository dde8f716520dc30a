//! `belvedere registry account password`

use std::io::{self, Write};

use anyhow::Result;
use clap::Args;
use events::{Event, EventLog, kinds};
use repos::LocalAccounts;
use serde::Serialize;

use super::named;
use super::secret::Secret;
use crate::output::{Answer, Output};

/// Give an account another password
///
/// A running server takes the old one for five minutes more where it was used just before. Devices that were approved stay.
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
    pub(super) async fn run(self, accounts: &LocalAccounts, log: &EventLog) -> Result<()> {
        let did = named::find(&self.account, accounts).await?.did;
        accounts.set_password(&did, &self.secret.read()?).await?;
        log.record(Event::new(kinds::REGISTRY_ACCOUNT_PASSWORD_SET).subject(did.as_str()));
        Ok(self.output.print(&IsSet { did: did.to_string() })?)
    }
}

impl Answer for IsSet {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        writeln!(to, "set the password of {}", self.did)
    }
}
