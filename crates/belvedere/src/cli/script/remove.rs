//! `belvedere script remove`

use std::io::{self, Write};

use anyhow::Result;
use clap::Args;
use scripts::Scripts;
use serde::Serialize;

use super::not_here;
use crate::output::{Answer, Output};

/// Remove scripts; what they decided about stays as they decided
#[derive(Args, Debug)]
pub(super) struct Remove {
    /// Triggers of the scripts
    #[arg(required = true, value_name = "TRIGGER")]
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
    pub(super) async fn run(self, scripts: &Scripts) -> Result<()> {
        let mut removed = Vec::new();
        let mut missing = None;
        for id in self.ids {
            if scripts.remove(&id, None).await? {
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
