//! `belvedere script list`

use std::io::{self, Write};

use anyhow::Result;
use clap::Args;
use scripts::ScriptTable;
use serde::Serialize;

use super::view::ScriptView;
use crate::output::{Answer, Output, Table, excerpt, instant};

/// Characters of a description.
const SHOWN: usize = 60;

/// List all scripts, where they come from, and files that are not in effect
#[derive(Args, Debug)]
pub(super) struct List {
    #[command(flatten)]
    output: Output,
}

#[derive(Serialize)]
struct Listed {
    scripts: Vec<ScriptView>,
    /// Files of the watched folder that are not in effect.
    problems: Vec<Problem>,
}

#[derive(Serialize)]
struct Problem {
    file: String,
    trigger: Option<String>,
    error: String,
    noticed_at: String,
}

impl List {
    pub(super) async fn run(self, scripts: &ScriptTable) -> Result<()> {
        let all = scripts.list(None).await?;
        let problems = scripts.problems().await?.into_iter().map(|problem| Problem {
            file: problem.file,
            trigger: problem.trigger,
            error: problem.error,
            noticed_at: instant(problem.noticed_at),
        });
        let listed = Listed {
            scripts: all.into_iter().map(ScriptView::without_body).collect(),
            problems: problems.collect(),
        };
        Ok(self.output.print(&listed)?)
    }
}

impl Answer for Listed {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        if self.scripts.is_empty() {
            writeln!(to, "no scripts; add one with `belvedere script add TRIGGER FILE`")?;
        } else {
            let mut table = Table::new(["TRIGGER", "REVISION", "UPDATED", "FROM", "DESCRIPTION"]);
            for script in &self.scripts {
                let description = script.description.as_deref().unwrap_or_default();
                table.row([
                    script.id.clone(),
                    script.revision.to_string(),
                    script.updated_at.clone(),
                    if script.file.is_some() { "file" } else { "hand" }.to_owned(),
                    excerpt(description, SHOWN),
                ]);
            }
            write!(to, "{table}")?;
        }
        for Problem { file, trigger, error, .. } in &self.problems {
            let runs = self.scripts.iter().any(|script| Some(&script.id) == trigger.as_ref());
            let then = if runs { "; the version before it runs" } else { "" };
            let what = if file.is_empty() { "the folder of scripts" } else { file };
            writeln!(to, "\nNOT IN EFFECT: {what}{then}\n  {}", error.replace(char::is_control, " "))?;
        }
        Ok(())
    }
}
