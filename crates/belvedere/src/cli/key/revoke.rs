//! `belvedere key revoke`

use std::io::{self, Write};

use accounts::{Accounts, Error};
use anyhow::Result;
use clap::Args;
use serde::Serialize;

use crate::failure::Failure;
use crate::output::{Answer, Output};

/// End a key for ever; running servers notice within seconds
#[derive(Args, Debug)]
pub(super) struct Revoke {
    /// The id that `belvedere key list` shows
    id: String,
    #[command(flatten)]
    output: Output,
}

#[derive(Serialize)]
struct Revoked {
    revoked: String,
}

impl Revoke {
    pub(super) async fn run(self, accounts: &Accounts) -> Result<()> {
        match accounts.revoke_key(&self.id).await {
            Ok(()) => Ok(self.output.print(&Revoked { revoked: self.id })?),
            Err(error @ Error::NoSuchKey(_)) => {
                Err(Failure::new(error.to_string(), "`belvedere key list` shows the ids of all keys").into())
            }
            Err(error) => Err(error.into()),
        }
    }
}

impl Answer for Revoked {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        writeln!(to, "revoked {}", self.revoked)
    }
}
