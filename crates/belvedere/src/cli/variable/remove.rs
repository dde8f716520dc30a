//! `belvedere variable remove`

use std::io::{self, Write};

use anyhow::Result;
use clap::Args;
use scripts::Scripts;
use serde::Serialize;

use crate::failure::Failure;
use crate::output::{Answer, Output};

/// Remove a variable
#[derive(Args, Debug)]
pub(super) struct Remove {
    /// Its name
    key: String,
    #[command(flatten)]
    output: Output,
}

#[derive(Serialize)]
struct Removed {
    removed: String,
}

impl Remove {
    pub(super) async fn run(self, scripts: &Scripts) -> Result<()> {
        if !scripts.remove_variable(&self.key, None).await? {
            let advice = "`belvedere variable list` shows those there are";
            return Err(Failure::new(format!("there is no variable {}", self.key), advice).into());
        }
        Ok(self.output.print(&Removed { removed: self.key })?)
    }
}

impl Answer for Removed {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        writeln!(to, "removed {}", self.removed)
    }
}
