//! `belvedere key revoke`

use std::io::{self, Write};

use accounts::{Actor, ApiKeys};
use anyhow::Result;
use clap::Args;
use serde::Serialize;

use crate::output::{Answer, Output};

/// End a key for ever; a running server notices within two seconds
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
    pub(super) async fn run(self, keys: &ApiKeys) -> Result<()> {
        keys.revoke(&Actor::LocalOperator, &self.id).await?;
        Ok(self.output.print(&Revoked { revoked: self.id })?)
    }
}

impl Answer for Revoked {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        writeln!(to, "revoked {}", self.revoked)
    }
}
