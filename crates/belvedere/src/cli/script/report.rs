//! What a script that was tried has done, for people.

use std::io::{self, IsTerminal, Write};

use appview::Report;
use serde::Serialize;
use serde_json::value::RawValue;
use similar::{ChangeTag, TextDiff};

use crate::output::{Answer, size};

/// Before a line that is there after the script only, before one that was there before only, and after both.
const COLOURS: [&str; 3] = ["\x1b[32m", "\x1b[31m", "\x1b[0m"];

/// As the admin API has it.
#[derive(Serialize)]
#[serde(transparent)]
pub(super) struct Tried {
    report: Report,
    #[serde(skip)]
    id: String,
    #[serde(skip)]
    is_coloured: bool,
}

impl Tried {
    pub(super) fn new(id: String, report: Report) -> Self {
        let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        Self { id, report, is_coloured: wanted && io::stdout().is_terminal() }
    }

    /// What the script made of the record: lines that went, came and stayed.
    fn write_difference(&self, to: &mut dyn Write, before: &str, after: &str) -> io::Result<()> {
        let [new, old, plain] = if self.is_coloured { COLOURS } else { [""; 3] };
        for change in TextDiff::from_lines(before, after).iter_all_changes() {
            let line = change.value().trim_end_matches('\n');
            match change.tag() {
                ChangeTag::Insert => writeln!(to, "{new}+ {line}{plain}")?,
                ChangeTag::Delete => writeln!(to, "{old}- {line}{plain}")?,
                ChangeTag::Equal => writeln!(to, "  {line}")?,
            }
        }
        Ok(())
    }
}

impl Answer for Tried {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        let Report { result, outcome, uri, record, error, line, source_line, log, .. } = &self.report;
        write!(to, "{}", self.id)?;
        writeln!(to, "{}", uri.as_ref().map(|uri| format!(" on {}", visible(uri))).unwrap_or_default())?;
        for message in log {
            writeln!(to, "log: {}", visible(message))?;
        }
        if let Some(error) = error {
            writeln!(to, "FAILED: {}", visible(error))?;
            if let (Some(line), Some(source)) = (line, source_line) {
                writeln!(to, "  {line} | {}", visible(source))?;
            }
        }
        match (outcome, result, record) {
            (Some("replace"), Some(result), Some(record)) => {
                writeln!(to, "the record would be stored like this:")?;
                self.write_difference(to, &pretty(record), &pretty(result))?;
            }
            (Some(outcome), result, _) => {
                writeln!(to, "{}", meaning(outcome))?;
                if let (&"replace", Some(result)) = (outcome, result) {
                    writeln!(to, "{}", pretty(result))?;
                }
            }
            (None, Some(result), _) => writeln!(to, "{}", pretty(result))?,
            (None, None, _) if error.is_none() => writeln!(to, "null")?,
            (None, None, _) => {}
        }
        let (instructions, memory) = (self.report.instructions, size(self.report.memory_bytes));
        let micros = self.report.elapsed_us;
        writeln!(to, "took {}.{:03} ms, {instructions} instructions, {memory}", micros / 1000, micros % 1000)
    }
}

fn meaning(outcome: &str) -> &'static str {
    match outcome {
        "store" => "it would be stored as it came",
        "replace" => "this would be stored in its place:",
        "leave out" => "it would not be stored",
        "delete" => "the record would be removed",
        _ => "the record would stay",
    }
}

/// JSON as people read it, its objects in an order of their own, so that only what differs is told apart.
fn pretty(json: &RawValue) -> String {
    let value: serde_json::Value = serde_json::from_str(json.get()).unwrap_or_default();
    let text = serde_json::to_string_pretty(&value).unwrap_or_else(|_| json.get().to_owned());
    text.replace(|c: char| c.is_control() && c != '\n', " ")
}

/// Without what a terminal would obey.
fn visible(text: &str) -> String {
    text.replace(char::is_control, " ")
}
