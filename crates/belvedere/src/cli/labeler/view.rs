//! What became of a labeler, as commands print it.

use std::io::{self, Write};

use serde::Serialize;

use crate::output::Answer;

#[derive(Serialize)]
pub(super) struct Changed {
    pub(super) did: String,
    /// `active`, `paused` or `removed`.
    pub(super) status: &'static str,
}

impl Answer for Changed {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        let Self { did, status } = self;
        writeln!(to, "{did} is {status}")
    }
}
