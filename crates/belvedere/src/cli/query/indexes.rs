//! `belvedere query indexes`

use std::io::{self, Write};

use anyhow::Result;
use appview::{IndexView, Insight};
use clap::Args;
use serde::Serialize;

use crate::output::{Answer, Output, Table};

/// List the indexes of queries and how far each is
#[derive(Args, Debug)]
pub(super) struct Indexes {
    #[command(flatten)]
    output: Output,
}

#[derive(Serialize)]
#[serde(transparent)]
struct Listed(Vec<IndexView>);

impl Indexes {
    pub(super) async fn run(self, insight: &Insight) -> Result<()> {
        Ok(self.output.print(&Listed(insight.indexes().await?))?)
    }
}

impl Answer for Listed {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        if self.0.is_empty() {
            return writeln!(
                to,
                "no indexes: no parameter of a query names a field, or the server has not run since"
            );
        }
        let mut table = Table::new(["ID", "COLLECTION", "INDEX", "STATE", "DONE", "RECORDS"]);
        for index in &self.0 {
            table.row([
                index.id.map(|id| id.to_string()).unwrap_or_default(),
                index.collection.clone(),
                index.description.clone(),
                index.state.to_owned(),
                format!("{:.0} %", index.progress * 100.0),
                index.records.to_string(),
            ]);
        }
        write!(to, "{table}")
    }
}
