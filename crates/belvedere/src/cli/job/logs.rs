//! `belvedere job logs`

use std::io::{self, Write};

use anyhow::Result;
use appview::JobLogLineView;
use clap::Args;
use serde::Serialize;

use super::opened::Opened;
use crate::output::{Answer, Output, Table, instant};

/// Show what a background job wrote down while it ran
#[derive(Args, Debug)]
pub(super) struct Logs {
    /// The id that `belvedere job list` shows
    id: String,
    /// At most so many lines
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..=1000))]
    limit: u32,
    /// Only after the line with this number
    #[arg(long, value_name = "LINE", default_value_t = 0)]
    after: i64,
    #[command(flatten)]
    output: Output,
}

/// As JSON what the admin API shows of them.
#[derive(Serialize)]
#[serde(transparent)]
struct Lines(Vec<JobLogLineView>);

impl Logs {
    pub(super) async fn run(self, opened: &Opened<'_>) -> Result<()> {
        let lines = opened.jobs.logs(&self.id, self.after, self.limit).await?;
        Ok(self.output.print(&Lines(lines.into_iter().map(JobLogLineView::new).collect()))?)
    }
}

impl Answer for Lines {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        if self.0.is_empty() {
            return writeln!(to, "it wrote nothing down; scripts do so with log()");
        }
        let mut table = Table::new(["LINE", "AT", "LEVEL", "MESSAGE"]);
        for line in &self.0 {
            let JobLogLineView { line, level, message, created_at } = line;
            table.row([line.to_string(), instant(*created_at), level.clone(), message.clone()]);
        }
        write!(to, "{table}")
    }
}
