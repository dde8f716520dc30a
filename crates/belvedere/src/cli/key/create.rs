//! `belvedere key create`

use std::io::{self, Write};

use accounts::{Actor, ApiKeys};
use anyhow::Result;
use clap::Args;
use serde::Serialize;

use crate::cli::granted::{Granted, names, names_of};
use crate::output::{Answer, Output};

const EXAMPLES: &str = "\
Examples:
  KEY=$(belvedere key create --name laptop)
  curl -H \"Authorization: Bearer $KEY\" http://127.0.0.1:3000/admin/stats
  belvedere key create --name dashboard --template viewer
  belvedere key create --name indexer --permission lexicons:read --permission lexicons:create";

/// Make a key and print it, this once
///
/// Without --template and --permission the key may do everything: whoever can run this command can do so anyway. Give
/// programs less.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(super) struct Create {
    /// What the key is for
    #[arg(long, default_value = "command line")]
    name: String,
    #[command(flatten)]
    granted: Granted,
    #[command(flatten)]
    output: Output,
}

/// The fields of the admin API.
#[derive(Serialize)]
struct Created {
    id: String,
    name: String,
    key: String,
    key_prefix: String,
    permissions: Vec<&'static str>,
}

impl Create {
    pub(super) async fn run(self, keys: &ApiKeys) -> Result<()> {
        let permissions =
            if self.granted.is_empty() { names_of("full_access") } else { self.granted.names() };
        let key = keys.create(&Actor::LocalOperator, &self.name, &permissions).await?;
        let created = Created {
            id: key.id,
            name: key.name,
            key: key.key,
            key_prefix: key.key_prefix,
            permissions: names(&key.permissions),
        };
        self.output.print(&created)?;
        if !self.output.json {
            // Beside the answer, so that `$(belvedere key create)` is the key and nothing else.
            let (id, count) = (created.id, created.permissions.len());
            eprintln!("note: this key is not shown again; its id is {id}, it holds {count} permissions");
        }
        Ok(())
    }
}

impl Answer for Created {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        writeln!(to, "{}", self.key)
    }
}
