//! `belvedere key create`

use std::collections::BTreeSet;
use std::io::{self, Write};

use accounts::{Accounts, templates};
use anyhow::Result;
use clap::Args;
use clap::builder::PossibleValuesParser;
use serde::Serialize;
use server::Permission;

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
    /// Permissions of a role
    #[arg(long, value_parser = PossibleValuesParser::new(templates().map(|template| template.key)))]
    template: Option<String>,
    /// A single permission, such as lexicons:read; can be repeated and added to a template
    #[arg(long = "permission", value_name = "PERMISSION")]
    permissions: Vec<String>,
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
    pub(super) async fn run(self, accounts: &Accounts) -> Result<()> {
        let permissions: Vec<String> = self.permissions().into_iter().collect();
        let key = accounts.create_local_admin_key(&self.name, &permissions).await?;
        let created = Created {
            id: key.id,
            name: key.name,
            key: key.key,
            key_prefix: key.key_prefix,
            permissions: key.permissions.iter().copied().map(Permission::name).collect(),
        };
        self.output.print(&created)?;
        if !self.output.json {
            // Beside the answer, so that `$(belvedere key create)` is the key and nothing else.
            let (id, count) = (created.id, created.permissions.len());
            eprintln!("note: this key is not shown again; its id is {id}, it holds {count} permissions");
        }
        Ok(())
    }

    fn permissions(&self) -> BTreeSet<String> {
        let default = if self.permissions.is_empty() { Some("full_access") } else { None };
        let template = self.template.as_deref().or(default);
        let of_template = templates().into_iter().filter(|known| template == Some(known.key));
        let names = of_template
            .flat_map(|template| template.permissions)
            .map(|permission| permission.name().to_owned());
        names.chain(self.permissions.iter().cloned()).collect()
    }
}

impl Answer for Created {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        writeln!(to, "{}", self.key)
    }
}
