//! `belvedere query list`

use std::io::{self, Write};

use anyhow::Result;
use appview::{Insight, QueryView};
use clap::Args;
use serde::Serialize;

use crate::output::{Answer, Output, Table};

/// List the parameters of queries that name fields, and what they mean
#[derive(Args, Debug)]
pub(super) struct List {
    #[command(flatten)]
    output: Output,
}

#[derive(Serialize)]
#[serde(transparent)]
struct Listed(Vec<QueryView>);

impl List {
    pub(super) async fn run(self, insight: &Insight) -> Result<()> {
        Ok(self.output.print(&Listed(insight.queries().await?))?)
    }
}

impl Answer for Listed {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        if self.0.is_empty() {
            return writeln!(
                to,
                "no queries; `belvedere lexicon add FILE --target-collection NSID` adds one"
            );
        }
        let mut table = Table::new(["QUERY", "COLLECTION", "PARAMETER", "MEANING"]);
        for query in &self.0 {
            for parameter in &query.parameters {
                let (name, meaning) = (parameter.name.clone(), parameter.meaning.clone());
                table.row([query.nsid.clone(), query.collection.clone(), name, meaning]);
            }
            if query.parameters.is_empty() {
                let meaning = "no parameter names a field: it lists the newest records".to_owned();
                table.row([query.nsid.clone(), query.collection.clone(), String::new(), meaning]);
            }
        }
        write!(to, "{table}")
    }
}
