//! `belvedere client list`

use std::io::{self, Write};

use accounts::clients::ClientRegistry;
use anyhow::Result;
use clap::Args;
use serde::Serialize;

use super::named;
use super::view::ClientView;
use crate::output::{Answer, Output, Table};

/// List all API clients, newest first
#[derive(Args, Debug)]
pub(super) struct List {
    /// Only those that were made through this client
    #[arg(long, value_name = "ID|KEY")]
    parent: Option<String>,
    #[command(flatten)]
    output: Output,
}

#[derive(Serialize)]
#[serde(transparent)]
struct Listed(Vec<ClientView>);

impl List {
    pub(super) async fn run(self, clients: &ClientRegistry) -> Result<()> {
        let parent = match &self.parent {
            Some(named) => Some(named::find(named, clients).await?.id),
            None => None,
        };
        let clients = clients.list(parent.as_deref()).await?.into_iter().map(ClientView::from).collect();
        Ok(self.output.print(&Listed(clients))?)
    }
}

impl Answer for Listed {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        if self.0.is_empty() {
            return writeln!(to, "no API clients; register one with `belvedere client create`");
        }
        let mut table = Table::new(["NAME", "TYPE", "STATE", "CLIENT KEY", "ID"]);
        for client in &self.0 {
            table.row([
                client.name.clone(),
                client.client_type.to_string(),
                client.state().to_owned(),
                client.client_key.clone(),
                client.id.clone(),
            ]);
        }
        write!(to, "{table}")
    }
}
