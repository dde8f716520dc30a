//! Which dead letters a command is about.

use anyhow::Result;
use clap::Args;
use scripts::{DeadLetters, Filter};

/// With one command; more take another one.
const MAX: u32 = 10_000;

/// By their numbers, or all.
#[derive(Args, Debug)]
#[group(id = "selection")]
pub(super) struct Selection {
    /// Their numbers
    #[arg(value_name = "ID", required_unless_present = "all", conflicts_with = "all")]
    ids: Vec<i64>,
    /// All that wait for somebody
    #[arg(long)]
    all: bool,
    /// Of all only those of this collection
    #[arg(long, value_name = "NSID", requires = "all")]
    collection: Option<String>,
}

impl Selection {
    /// Their numbers, the oldest first.
    pub(super) async fn ids(self, letters: &DeadLetters) -> Result<Vec<i64>> {
        if !self.all {
            return Ok(self.ids);
        }
        let filter = Filter { collection: self.collection, resolved: Some(false) };
        let mut ids: Vec<i64> =
            letters.list(filter, None, MAX).await?.into_iter().map(|letter| letter.id).collect();
        ids.reverse();
        Ok(ids)
    }
}
