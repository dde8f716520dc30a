//! `belvedere dead-letter list`

use std::io::{self, Write};

use anyhow::Result;
use appview::DeadLetterView;
use clap::Args;
use scripts::{DeadLetters, Filter};
use serde::Serialize;

use crate::output::{Answer, Output, Table, excerpt, instant};

/// Characters of an error.
const SHOWN: usize = 60;

/// List dead letters that wait for somebody, the newest first
#[derive(Args, Debug)]
pub(super) struct List {
    /// Only of this collection
    #[arg(long, value_name = "NSID")]
    collection: Option<String>,
    /// Also those that are resolved
    #[arg(long)]
    all: bool,
    /// How many
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    limit: u32,
    #[command(flatten)]
    output: Output,
}

#[derive(Serialize)]
#[serde(transparent)]
struct Listed(Vec<DeadLetterView>);

impl List {
    pub(super) async fn run(self, letters: &DeadLetters) -> Result<()> {
        let filter = Filter { collection: self.collection, resolved: (!self.all).then_some(false) };
        let found = letters.list(filter, None, self.limit).await?;
        Ok(self.output.print(&Listed(found.into_iter().map(DeadLetterView::in_list).collect()))?)
    }
}

impl Answer for Listed {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        if self.0.is_empty() {
            return writeln!(to, "no dead letter waits for anybody");
        }
        let mut table = Table::new(["ID", "SINCE", "SCRIPT", "ACTION", "URI", "ERROR"]);
        for letter in &self.0 {
            table.row([
                letter.id.to_string(),
                instant(letter.created_at),
                letter.lexicon_id.clone(),
                letter.action.clone(),
                letter.uri.clone(),
                excerpt(&letter.error, SHOWN),
            ]);
        }
        write!(to, "{table}")
    }
}
