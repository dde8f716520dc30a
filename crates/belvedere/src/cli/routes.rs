//! `belvedere routes`

use std::io::Write;

use anyhow::Result;
use clap::Args;

use crate::serve;

/// Print every route as Markdown, with who may call it
#[derive(Args, Debug)]
pub(super) struct Routes {}

impl Routes {
    pub(super) async fn run(self) -> Result<()> {
        let routes = serve::routes().await?;
        Ok(std::io::stdout().lock().write_all(routes.as_bytes())?)
    }
}
