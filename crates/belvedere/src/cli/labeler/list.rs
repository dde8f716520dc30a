//! `belvedere labeler list`

use std::io::{self, Write};

use anyhow::Result;
use clap::Args;
use labels::Labelers;
use serde::Serialize;

use crate::output::{Answer, Output, Table, instant};

/// List all labelers and how far they have been followed
#[derive(Args, Debug)]
pub(super) struct List {
    #[command(flatten)]
    output: Output,
}

#[derive(Serialize)]
#[serde(transparent)]
struct Listed(Vec<View>);

/// The fields of the admin API.
#[derive(Serialize)]
struct View {
    did: String,
    status: &'static str,
    cursor: Option<i64>,
    created_at: String,
    updated_at: String,
}

impl List {
    pub(super) async fn run(self, labelers: &Labelers) -> Result<()> {
        let all = labelers.list().await?.into_iter().map(|labeler| View {
            did: labeler.did,
            status: labeler.status.name(),
            cursor: labeler.cursor,
            created_at: instant(labeler.created_at),
            updated_at: instant(labeler.updated_at),
        });
        Ok(self.output.print(&Listed(all.collect()))?)
    }
}

impl Answer for Listed {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        if self.0.is_empty() {
            return writeln!(to, "no labelers; add one with `belvedere labeler add DID`");
        }
        let mut table = Table::new(["LABELER", "STATUS", "CURSOR", "SINCE"]);
        for labeler in &self.0 {
            let cursor = labeler.cursor.map_or_else(|| "-".to_owned(), |cursor| cursor.to_string());
            table.row([labeler.did.clone(), labeler.status.to_owned(), cursor, labeler.updated_at.clone()]);
        }
        write!(to, "{table}")
    }
}
