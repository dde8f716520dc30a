//! `belvedere backfill missing`

use std::io::{self, Write};

use anyhow::Result;
use appview::MissingView;
use clap::{Args, ValueEnum};
use records::{CoverageState, MissingPosition, Records};
use serde::Serialize;

use super::opened::Opened;
use crate::output::{Answer, Output, Table, instant};

/// List what is missing of the past, whichever job or message found that out
///
/// A row is a collection of a repository. What the stream has torn and what a host did not give is tried again by itself.
#[derive(Args, Debug)]
pub(super) struct Missing {
    /// Which
    #[arg(long, value_enum, default_value_t = State::Quarantined)]
    state: State,
    /// At most so many
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=1000))]
    limit: u32,
    /// Those after this cursor, with which the list before ended
    #[arg(long, value_name = "CURSOR")]
    after: Option<MissingPosition>,
    #[command(flatten)]
    output: Output,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum State {
    /// What its host said of it cannot be true
    Quarantined,
    /// It could not be had and is not tried again by itself
    Failed,
    /// It is tried again later
    Retrying,
    /// The account is switched off; fetched when it is back
    Absent,
}

/// As JSON what the admin API shows of it.
#[derive(Serialize)]
#[serde(transparent)]
struct Listed(MissingView);

impl Missing {
    pub(super) async fn run(self, opened: &Opened<'_>) -> Result<()> {
        let records = Records::new(&opened.store, crate::databases::projections());
        let counts = records.missing_counts().await?;
        let page = records.missing(self.state.into(), self.after, self.limit).await?;
        Ok(self.output.print(&Listed(MissingView::new(&counts, page)))?)
    }
}

impl From<State> for CoverageState {
    fn from(state: State) -> Self {
        match state {
            State::Quarantined => Self::Quarantined,
            State::Failed => Self::Failed,
            State::Retrying => Self::Retrying,
            State::Absent => Self::Absent,
        }
    }
}

impl Answer for Listed {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        if self.0.missing.is_empty() {
            return writeln!(to, "none");
        }
        let mut table = Table::new(["DID", "COLLECTION", "NEXT TRY", "REASON"]);
        for row in &self.0.missing {
            table.row([
                row.did.clone(),
                row.collection.clone(),
                row.next_try_at.map_or_else(|| "not by itself".to_owned(), instant),
                row.reason.clone().unwrap_or_default(),
            ]);
        }
        write!(to, "{table}")?;
        match &self.0.cursor {
            Some(cursor) => writeln!(to, "more: --after {cursor}"),
            None => Ok(()),
        }
    }
}
