//! `belvedere lexicon show`

use std::io::{self, Write};

use anyhow::Result;
use appview::Lexicons;
use clap::Args;

use super::view::LexiconView;
use crate::failure::Failure;
use crate::output::{Answer, Output};

/// Print the document of one lexicon; with --json its attributes, too
#[derive(Args, Debug)]
pub(super) struct Show {
    /// NSID of the lexicon
    id: String,
    #[command(flatten)]
    output: Output,
}

impl Show {
    pub(super) async fn run(self, lexicons: &Lexicons) -> Result<()> {
        let Some(lexicon) = lexicons.get(&self.id).await? else { return Err(not_here(&self.id).into()) };
        Ok(self.output.print(&LexiconView::with_document(lexicon)?)?)
    }
}

pub(super) fn not_here(id: &str) -> Failure {
    Failure::new(format!("there is no lexicon {id}"), "`belvedere lexicon list` shows those there are")
}

impl Answer for LexiconView {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        match &self.lexicon_json {
            Some(document) => writeln!(to, "{}", document.get().trim_end()),
            None => Ok(()),
        }
    }
}
