//! `belvedere record list`

use std::io::{self, Write};

use anyhow::Result;
use atproto::{Did, Nsid};
use clap::Args;
use records::{ListQuery, Position, Records};
use serde::Serialize;

use super::view::RecordView;
use crate::output::{Answer, Output, Table, excerpt};

const EXAMPLES: &str = "\
Examples:
  belvedere record list xyz.statusphere.status
  belvedere record list app.bsky.feed.post --did did:plc:ewvi7nxzyoun6zhxrhs64oiz --limit 100 --json";

/// How much of a record fits on a line beside its URI.
const EXCERPT: usize = 60;

/// List the records of a collection, newest first
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(super) struct List {
    /// NSID of the collection
    #[arg(value_parser = Nsid::parse)]
    collection: Nsid,
    /// Only records of this repository
    #[arg(long, value_parser = Did::parse)]
    did: Option<Did>,
    /// Records on a page
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=1000))]
    limit: u32,
    /// Continue after the page that ended with this cursor
    #[arg(long)]
    cursor: Option<Position>,
    #[command(flatten)]
    output: Output,
}

#[derive(Serialize)]
struct Page {
    records: Vec<RecordView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cursor: Option<String>,
}

impl List {
    pub(super) async fn run(self, records: &Records) -> Result<()> {
        let query =
            ListQuery { collection: self.collection, did: self.did, limit: self.limit, after: self.cursor };
        let page = records.list(query).await?;
        let records = page.records.into_iter().map(RecordView::new).collect::<Result<_>>()?;
        let cursor = page.next.map(|position| position.to_string());
        Ok(self.output.print(&Page { records, cursor })?)
    }
}

impl Answer for Page {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        if self.records.is_empty() {
            return writeln!(to, "no records");
        }
        let mut table = Table::new(["INDEXED", "URI", "RECORD"]);
        for record in &self.records {
            table.row([record.indexed_at.clone(), record.uri.clone(), excerpt(record.record.get(), EXCERPT)]);
        }
        write!(to, "{table}")?;
        match &self.cursor {
            Some(cursor) => writeln!(to, "\nmore: --cursor {cursor}"),
            None => Ok(()),
        }
    }
}
