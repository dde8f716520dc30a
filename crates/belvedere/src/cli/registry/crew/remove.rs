//! `belvedere registry crew remove`

use std::io::{self, Write};

use anyhow::Result;
use clap::Args;
use events::EventLog;
use serde::Serialize;

use crate::cli::registry::opened::Opened;
use crate::cli::registry::who;
use crate::failure::Failure;
use crate::output::{Answer, Output};

/// Let somebody go: they may not push any more; their images stay
#[derive(Args, Debug)]
pub(super) struct Remove {
    /// DID or handle
    member: String,
    #[command(flatten)]
    output: Output,
}

#[derive(Serialize)]
struct Removed {
    removed: String,
}

impl Remove {
    pub(super) async fn run(self, opened: &Opened<'_>, log: &EventLog) -> Result<()> {
        let did = who::did(&self.member, opened).await?;
        let hold = opened.hold().await?;
        let crew = registry::Crew { hold: &hold, events: log, actor: None };
        if !crew.let_go(&did).await? {
            let help = "`belvedere registry crew list` shows who is";
            return Err(Failure::new(format!("{did} is not in the crew"), help).into());
        }
        Ok(self.output.print(&Removed { removed: did.to_string() })?)
    }
}

impl Answer for Removed {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        writeln!(to, "removed {}", self.removed)
    }
}
