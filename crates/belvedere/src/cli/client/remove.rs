//! `belvedere client remove`

use std::io::{self, Write};

use accounts::clients::ClientRegistry;
use anyhow::Result;
use clap::Args;
use serde::Serialize;

use super::named;
use super::view::ClientView;
use crate::output::{Answer, Output};

/// Remove an API client with what was made through it and all its sessions; a running server notices within two seconds
#[derive(Args, Debug)]
pub(super) struct Remove {
    /// Id or client key
    client: String,
    #[command(flatten)]
    output: Output,
}

#[derive(Serialize)]
struct Removed {
    removed: ClientView,
}

impl Remove {
    pub(super) async fn run(self, clients: &ClientRegistry) -> Result<()> {
        let client = named::find(&self.client, clients).await?;
        clients.remove(None, &client.id).await?;
        Ok(self.output.print(&Removed { removed: client.into() })?)
    }
}

impl Answer for Removed {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        writeln!(to, "removed {} ({})", self.removed.name.replace(char::is_control, " "), self.removed.id)
    }
}
