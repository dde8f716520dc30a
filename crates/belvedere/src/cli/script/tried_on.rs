//! What a script is tried on, as the command line says it.

use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use appview::Attempt;
use clap::Args;
use serde_json::{Map, Value};

use crate::failure::Failure;

/// A script or an event is text that a person wrote.
const MAX_BYTES: u64 = 4 << 20;

/// The source and the event.
#[derive(Args, Debug)]
pub(super) struct TriedOn {
    /// The file with the source, in place of the script that is stored; - reads it from standard input
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// What the script is told: JSON, a file of it, or - for standard input
    #[arg(long, value_name = "JSON|FILE", allow_hyphen_values = true)]
    event: Option<String>,
}

impl TriedOn {
    pub(super) fn read(self) -> Result<Attempt> {
        let is_input = |text: &str| text == "-";
        if self.file.as_ref().is_some_and(|file| file.as_os_str() == "-")
            && self.event.as_deref().is_some_and(is_input)
        {
            let advice = "give one of them a file";
            return Err(Failure::new("standard input cannot be both the script and the event", advice).into());
        }
        let body = self.file.map(|file| text(&file)).transpose()?;
        let event = self.event.map(|event| self::event(&event)).transpose()?;
        Ok(Attempt { body, event: event.unwrap_or_default(), ..Attempt::default() })
    }
}

fn event(event: &str) -> Result<Map<String, Value>> {
    let is_json = event.trim_start().starts_with('{');
    let json = if is_json { event.to_owned() } else { text(Path::new(event))? };
    serde_json::from_str(&json).context("the event must be a JSON object")
}

fn text(file: &Path) -> Result<String> {
    let mut text = String::new();
    let read = if file.as_os_str() == "-" {
        std::io::stdin().take(MAX_BYTES).read_to_string(&mut text)
    } else {
        std::fs::File::open(file).and_then(|file| file.take(MAX_BYTES).read_to_string(&mut text))
    };
    read.with_context(|| format!("reading {}", file.display()))?;
    Ok(text)
}
