//! `belvedere script list`

use std::io::{self, Write};

use anyhow::Result;
use clap::Args;
use scripts::Scripts;
use serde::Serialize;

use super::view::ScriptView;
use crate::output::{Answer, Output, Table, excerpt};

/// Characters of a description.
const SHOWN: usize = 60;

/// List all scripts
#[derive(Args, Debug)]
pub(super) struct List {
    #[command(flatten)]
    output: Output,
}

#[derive(Serialize)]
#[serde(transparent)]
struct Listed(Vec<ScriptView>);

impl List {
    pub(super) async fn run(self, scripts: &Scripts) -> Result<()> {
        let all = scripts.list(None).await?;
        Ok(self.output.print(&Listed(all.into_iter().map(ScriptView::without_body).collect()))?)
    }
}

impl Answer for Listed {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        if self.0.is_empty() {
            return writeln!(to, "no scripts; add one with `belvedere script add TRIGGER FILE`");
        }
        let mut table = Table::new(["TRIGGER", "REVISION", "UPDATED", "DESCRIPTION"]);
        for script in &self.0 {
            let description = script.description.as_deref().unwrap_or_default();
            table.row([
                script.id.clone(),
                script.revision.to_string(),
                script.updated_at.clone(),
                excerpt(description, SHOWN),
            ]);
        }
        write!(to, "{table}")
    }
}
