//! `belvedere client show`

use accounts::clients::ClientRegistry;
use anyhow::Result;
use clap::Args;

use super::named;
use super::view::ClientView;
use crate::output::Output;

/// Show one API client; its secret is not kept
#[derive(Args, Debug)]
pub(super) struct Show {
    /// Id or client key
    client: String,
    #[command(flatten)]
    output: Output,
}

impl Show {
    pub(super) async fn run(self, clients: &ClientRegistry) -> Result<()> {
        let client = named::find(&self.client, clients).await?;
        Ok(self.output.print(&ClientView::from(client))?)
    }
}
