//! `belvedere registry usage`

use std::io::{self, Write};

use anyhow::Result;
use atproto::Did;
use clap::Args;
use serde::Serialize;

use super::opened::Opened;
use super::who;
use crate::output::{Answer, Output, Table, size};

/// Show how much room somebody uses, or everybody who has images here, the greatest first
///
/// A blob that several images of one owner need counts once. Blobs of different owners lie here once, too, but count for each.
#[derive(Args, Debug)]
pub(super) struct Usage {
    /// DID or handle; everybody without it
    owner: Option<String>,
    /// How many at most
    #[arg(long, default_value_t = 50)]
    limit: u32,
    #[command(flatten)]
    output: Output,
}

#[derive(Serialize)]
struct Used {
    owner: String,
    blobs: u64,
    bytes: u64,
    /// None stands for as much as there is.
    limit: Option<u64>,
}

#[derive(Serialize)]
#[serde(transparent)]
struct Listed(Vec<Used>);

impl Usage {
    pub(super) async fn run(self, opened: &Opened<'_>) -> Result<()> {
        let hold = opened.hold().await?;
        let used = match &self.owner {
            Some(owner) => {
                let owner = who::did(owner, opened).await?;
                let usage = hold.usage(&owner).await?;
                vec![(owner, usage)]
            }
            None => hold.usages(None, self.limit).await?,
        };
        Ok(self.output.print(&Listed(used.into_iter().map(Used::new).collect()))?)
    }
}

impl Used {
    fn new((owner, usage): (Did, hold::Usage)) -> Self {
        Self { owner: owner.to_string(), blobs: usage.blobs, bytes: usage.bytes, limit: usage.limit }
    }
}

impl Answer for Listed {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        if self.0.is_empty() {
            return writeln!(to, "nobody has images here");
        }
        let mut table = Table::new(["OWNER", "BLOBS", "SIZE", "LIMIT"]);
        for used in &self.0 {
            table.row([
                used.owner.clone(),
                used.blobs.to_string(),
                size(used.bytes),
                used.limit.map_or_else(|| "none".to_owned(), size),
            ]);
        }
        write!(to, "{table}")
    }
}
