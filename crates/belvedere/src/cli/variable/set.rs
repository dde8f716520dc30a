//! `belvedere variable set`

use std::io::{self, Read, Write};

use anyhow::{Context, Result};
use clap::Args;
use scripts::Scripts;
use serde::Serialize;

use crate::output::{Answer, Output};

/// More is refused, so that much need not be read.
const MAX_BYTES: u64 = 100_000;

const EXAMPLES: &str = "\
Examples:
  belvedere variable set MAIL_KEY <key.txt
  printf %s \"$KEY\" | belvedere variable set MAIL_KEY";

/// Set a variable to what comes on standard input: an argument could be read by others
///
/// A line break at the end is left out.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(super) struct Set {
    /// Its name: letters, digits and _
    key: String,
    #[command(flatten)]
    output: Output,
}

#[derive(Serialize)]
struct IsSet {
    key: String,
}

impl Set {
    pub(super) async fn run(self, scripts: &Scripts) -> Result<()> {
        let mut value = String::new();
        io::stdin().take(MAX_BYTES).read_to_string(&mut value).context("reading the value")?;
        let value = value.strip_suffix('\n').unwrap_or(&value);
        scripts.set_variable(&self.key, value, None).await?;
        Ok(self.output.print(&IsSet { key: self.key })?)
    }
}

impl Answer for IsSet {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        writeln!(to, "set {}", self.key)
    }
}
