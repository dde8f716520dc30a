//! `belvedere lexicon list`

use std::io::{self, Write};

use anyhow::Result;
use appview::Lexicons;
use clap::Args;
use serde::Serialize;

use super::view::LexiconView;
use crate::output::{Answer, Output, Table};

/// List all lexicons
#[derive(Args, Debug)]
pub(super) struct List {
    #[command(flatten)]
    output: Output,
}

#[derive(Serialize)]
#[serde(transparent)]
struct Listed(Vec<LexiconView>);

impl List {
    pub(super) async fn run(self, lexicons: &Lexicons) -> Result<()> {
        let all = lexicons.list().await?;
        Ok(self.output.print(&Listed(all.into_iter().map(LexiconView::without_document).collect()))?)
    }
}

impl Answer for Listed {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        if self.0.is_empty() {
            return writeln!(to, "no lexicons; add one with `belvedere lexicon add FILE|NSID`");
        }
        let mut table = Table::new(["ID", "TYPE", "REVISION", "COLLECTION", "SOURCE", "UPDATED"]);
        for lexicon in &self.0 {
            table.row([
                lexicon.id.clone(),
                lexicon.lexicon_type.clone(),
                lexicon.revision.to_string(),
                lexicon.target_collection.clone().unwrap_or_default(),
                lexicon.source.to_owned(),
                lexicon.updated_at.clone(),
            ]);
        }
        write!(to, "{table}")
    }
}
