//! `belvedere script add`

use std::io::{self, Read, Write};
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;
use scripts::{NewScript, Scripts};
use serde::Serialize;

use super::view::ScriptView;
use crate::output::{Answer, Output};

/// A script is text that a person wrote.
const MAX_BYTES: u64 = 4 << 20;

const EXAMPLES: &str = "\
Triggers:
  record.index:NSID          a record is about to be stored, changed or removed
  record.create:NSID, record.update:NSID, record.delete:NSID
                             exactly that; comes before record.index
  xrpc.query:NSID            the query is called
  xrpc.procedure:NSID        the procedure is called

Examples:
  belvedere script add record.index:com.example.note notes.lua
  echo 'function handle() return { hello = params.name } end' | belvedere script add xrpc.query:com.example.hello -";

/// Store a script, or replace the one with its trigger
///
/// The script is compiled and its top level is run, with an empty `env`; it must define a function `handle`.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(super) struct Add {
    /// When it runs
    #[arg(value_name = "TRIGGER")]
    id: String,
    /// The file with the source; - reads it from standard input
    file: PathBuf,
    /// What it is for
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    #[command(flatten)]
    output: Output,
}

#[derive(Serialize)]
#[serde(transparent)]
struct Added(ScriptView);

impl Add {
    pub(super) async fn run(self, scripts: &Scripts) -> Result<()> {
        let body = self.read().with_context(|| format!("reading {}", self.file.display()))?;
        let script_type = "lua".to_owned();
        let new = NewScript { id: self.id, script_type, body, description: self.description };
        let stored = scripts.put(new, None).await?;
        Ok(self.output.print(&Added(ScriptView::whole(stored)))?)
    }

    fn read(&self) -> io::Result<String> {
        let mut text = String::new();
        if self.file.as_os_str() == "-" {
            io::stdin().take(MAX_BYTES).read_to_string(&mut text)?;
        } else {
            std::fs::File::open(&self.file)?.take(MAX_BYTES).read_to_string(&mut text)?;
        }
        Ok(text)
    }
}

impl Answer for Added {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        let ScriptView { id, revision, .. } = &self.0;
        if *revision == 1 {
            writeln!(to, "added {id}")
        } else {
            writeln!(to, "replaced {id}, revision {revision}")
        }
    }
}
