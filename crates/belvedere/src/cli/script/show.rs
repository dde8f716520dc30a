//! `belvedere script show`

use std::io::{self, Write};

use anyhow::Result;
use clap::Args;
use scripts::ScriptTable;
use serde::Serialize;

use super::not_here;
use super::view::ScriptView;
use crate::output::{Answer, Output};

/// Print the source of a script
#[derive(Args, Debug)]
pub(super) struct Show {
    /// Its trigger
    #[arg(value_name = "TRIGGER")]
    id: String,
    #[command(flatten)]
    output: Output,
}

#[derive(Serialize)]
#[serde(transparent)]
struct Shown(ScriptView);

impl Show {
    pub(super) async fn run(self, scripts: &ScriptTable) -> Result<()> {
        let script = scripts.get(&self.id).await?.ok_or_else(|| not_here(&self.id))?;
        Ok(self.output.print(&Shown(ScriptView::whole(script)))?)
    }
}

impl Answer for Shown {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        let body = self.0.body.as_deref().unwrap_or_default();
        write!(to, "{body}")?;
        if body.ends_with('\n') { Ok(()) } else { writeln!(to) }
    }
}
