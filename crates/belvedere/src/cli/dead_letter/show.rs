//! `belvedere dead-letter show`

use std::io::{self, Write};

use anyhow::Result;
use appview::DeadLetterView;
use clap::Args;
use scripts::DeadLetters;

use super::not_here;
use crate::output::{Answer, Facts, Output, instant};

/// Show a dead letter with what its script was given
#[derive(Args, Debug)]
pub(super) struct Show {
    /// Its number
    id: i64,
    #[command(flatten)]
    output: Output,
}

impl Show {
    pub(super) async fn run(self, letters: &DeadLetters) -> Result<()> {
        let letter = letters.get(self.id).await?.ok_or_else(|| not_here(self.id))?;
        Ok(self.output.print(&DeadLetterView::alone(letter))?)
    }
}

impl Answer for DeadLetterView {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        let facts = Facts::default()
            .fact("id", self.id)
            .fact("script", &self.lexicon_id)
            .fact("uri", &self.uri)
            .fact("action", &self.action)
            .fact("error", &self.error)
            .fact("attempts", self.attempts)
            .fact("since", instant(self.created_at))
            .fact("resolved", self.resolved_at.map_or_else(|| "no".to_owned(), instant))
            .fact("given", self.record.as_ref().map(|record| record.get()).unwrap_or_default());
        write!(to, "{facts}")
    }
}
