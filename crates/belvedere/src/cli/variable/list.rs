//! `belvedere variable list`

use std::io::{self, Write};

use anyhow::Result;
use clap::Args;
use scripts::Scripts;
use serde::Serialize;

use crate::output::{Answer, Output, Table, instant};

/// List all variables, with the first characters of long values
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
    key: String,
    preview: String,
    created_at: String,
    updated_at: String,
}

impl List {
    pub(super) async fn run(self, scripts: &Scripts) -> Result<()> {
        let all = scripts.variables().await?.into_iter().map(|variable| View {
            key: variable.key,
            preview: variable.preview,
            created_at: instant(variable.created_at),
            updated_at: instant(variable.updated_at),
        });
        Ok(self.output.print(&Listed(all.collect()))?)
    }
}

impl Answer for Listed {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        if self.0.is_empty() {
            return writeln!(to, "no variables; set one with `belvedere variable set KEY <FILE`");
        }
        let mut table = Table::new(["KEY", "VALUE", "UPDATED"]);
        for variable in &self.0 {
            table.row([variable.key.clone(), variable.preview.clone(), variable.updated_at.clone()]);
        }
        write!(to, "{table}")
    }
}
