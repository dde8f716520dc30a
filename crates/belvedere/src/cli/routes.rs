//! `belvedere routes`

use std::io::Write;

use anyhow::Result;
use clap::Args;

use crate::config::Settings;
use crate::serve;

/// Print every route as Markdown, with who may call it
#[derive(Args, Debug)]
pub(super) struct Routes {}

impl Routes {
    pub(super) async fn run(self, settings: Settings) -> Result<()> {
        let routes = serve::routes(settings).await?;
        Ok(std::io::stdout().lock().write_all(routes.as_bytes())?)
    }
}
