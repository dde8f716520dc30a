//! What commands print: the same answer for people and for programs.

mod excerpt;
mod facts;
mod instant;
mod size;
mod table;

use std::io::{self, Write};

use serde::Serialize;

pub(crate) use excerpt::excerpt;
pub(crate) use facts::Facts;
pub(crate) use instant::{instant, moment, now_micros, span};
pub(crate) use size::size;
pub(crate) use table::Table;

/// The result of a command. As JSON it is what serde makes of it.
pub(crate) trait Answer: Serialize {
    /// Writes it for people: no colours, one fact a line.
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()>;
}

/// How a command prints its answer.
#[derive(clap::Args, Clone, Copy, Debug)]
pub(crate) struct Output {
    /// Print JSON instead of text.
    #[arg(long)]
    pub(crate) json: bool,
}

impl Output {
    /// Writes the answer to standard output.
    pub(crate) fn print(self, answer: &impl Answer) -> io::Result<()> {
        let mut to = io::BufWriter::new(io::stdout().lock());
        if self.json {
            serde_json::to_writer_pretty(&mut to, answer)?;
            to.write_all(b"\n")?;
        } else {
            answer.write_text(&mut to)?;
        }
        to.flush()
    }
}
