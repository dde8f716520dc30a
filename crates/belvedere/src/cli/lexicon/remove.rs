//! `belvedere lexicon remove`

use std::io::{self, Write};

use anyhow::Result;
use appview::Lexicons;
use clap::Args;
use serde::Serialize;

use super::show::not_here;
use crate::output::{Answer, Output};

/// Remove lexicons; the records that were indexed for them stay
#[derive(Args, Debug)]
pub(super) struct Remove {
    /// NSIDs of the lexicons
    #[arg(required = true, value_name = "ID")]
    ids: Vec<String>,
    #[command(flatten)]
    output: Output,
}

#[derive(Serialize)]
struct Removed {
    removed: Vec<String>,
}

impl Remove {
    /// Removes one after the other; what could be removed is, whatever the others come to.
    pub(super) async fn run(self, lexicons: &Lexicons) -> Result<()> {
        let mut removed = Vec::new();
        let mut missing = None;
        for id in self.ids {
            if lexicons.remove(&id).await? {
                removed.push(id);
            } else {
                missing.get_or_insert(not_here(&id));
            }
        }
        self.output.print(&Removed { removed })?;
        missing.map_or(Ok(()), |failure| Err(failure.into()))
    }
}

impl Answer for Removed {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        self.removed.iter().try_for_each(|id| writeln!(to, "removed {id}"))
    }
}
