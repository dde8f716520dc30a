//! `belvedere backfill retry`

use std::io::{self, Write};

use anyhow::Result;
use clap::Args;
use serde::Serialize;

use super::opened::Opened;
use crate::output::{Answer, Output};

/// Try again what a job could not fetch
#[derive(Args, Debug)]
pub(super) struct Retry {
    /// The id that `belvedere backfill list` shows
    id: String,
    #[command(flatten)]
    output: Output,
}

#[derive(Serialize)]
struct Retried {
    id: String,
    /// How many repositories.
    retried: i64,
}

impl Retry {
    pub(super) async fn run(self, opened: &Opened<'_>) -> Result<()> {
        let retried = opened.backfills.retry_failed(&self.id).await?;
        self.output.print(&Retried { id: self.id, retried })?;
        opened.note_if_unattended().await
    }
}

impl Answer for Retried {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        writeln!(to, "{} repositories are tried again: belvedere backfill watch {}", self.retried, self.id)
    }
}
