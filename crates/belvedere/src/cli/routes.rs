//! `belvedere routes`

use std::io::{Write, stdout};

use anyhow::Result;
use clap::Args;

use crate::serve;

/// Print every route as Markdown, with who may call it
#[derive(Args, Debug)]
pub(super) struct Routes {
    /// Print the OpenAPI document instead, which says what goes in and comes out
    #[arg(long)]
    openapi: bool,
}

impl Routes {
    pub(super) async fn run(self) -> Result<()> {
        let shell = serve::unserved().await?;
        let markdown = shell.routes_markdown();
        let text = if self.openapi { shell.openapi() } else { markdown.as_bytes() };
        Ok(stdout().lock().write_all(text)?)
    }
}
