//! `belvedere dead-letter show`

use std::io::{self, Write};

use anyhow::Result;
use clap::Args;
use scripts::DeadLetters;
use serde::Serialize;

use super::not_here;
use super::view::LetterView;
use crate::output::{Answer, Facts, Output};

/// Show a dead letter with what its script was given
#[derive(Args, Debug)]
pub(super) struct Show {
    /// Its number
    id: i64,
    #[command(flatten)]
    output: Output,
}

#[derive(Serialize)]
#[serde(transparent)]
struct Shown(LetterView);

impl Show {
    pub(super) async fn run(self, letters: &DeadLetters) -> Result<()> {
        let letter = letters.get(self.id).await?.ok_or_else(|| not_here(self.id))?;
        Ok(self.output.print(&Shown(LetterView::alone(letter)))?)
    }
}

impl Answer for Shown {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        let letter = &self.0;
        let facts = Facts::default()
            .fact("id", letter.id)
            .fact("script", &letter.lexicon_id)
            .fact("uri", &letter.uri)
            .fact("action", &letter.action)
            .fact("error", &letter.error)
            .fact("attempts", letter.attempts)
            .fact("since", &letter.created_at)
            .fact("resolved", letter.resolved_at.as_deref().unwrap_or("no"))
            .fact("given", letter.payload.as_ref().map(|payload| payload.get()).unwrap_or_default());
        write!(to, "{facts}")
    }
}
