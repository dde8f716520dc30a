//! `belvedere client update`

use accounts::clients::{Change, ClientChange, ClientRegistry};
use anyhow::Result;
use clap::Args;

use super::named;
use super::view::ClientView;
use crate::failure::Failure;
use crate::output::Output;

const EXAMPLES: &str = "\
Examples:
  belvedere client update hvc_0123456789abcdef0123456789abcdef --scopes \"atproto repo:xyz.statusphere.status\"
  belvedere client update hvc_0123456789abcdef0123456789abcdef --active false";

/// Change an API client; a running server notices within two seconds
///
/// What is not named stays. Its OAuth client id and its type never change: remove it and make another one.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(super) struct Update {
    /// Id or client key
    client: String,
    /// What people call the app
    #[arg(long)]
    name: Option<String>,
    /// Where the app is
    #[arg(long, value_name = "URL")]
    client_uri: Option<String>,
    /// Where users may be sent after signing in, instead of where they were; can be repeated
    #[arg(long = "redirect-uri", value_name = "URI")]
    redirect_uris: Option<Vec<String>>,
    /// The most that its sessions may have; those that are there keep what they have
    #[arg(long)]
    scopes: Option<String>,
    /// Only pages of this origin may use it, instead of those before; can be repeated
    #[arg(long = "allowed-origin", value_name = "ORIGIN", conflicts_with = "any_origin")]
    allowed_origins: Option<Vec<String>>,
    /// Pages of any origin may use it
    #[arg(long)]
    any_origin: bool,
    /// Tokens that it may spend at once
    #[arg(long, value_name = "TOKENS", conflicts_with = "default_rate_limit")]
    rate_limit_capacity: Option<i64>,
    /// Tokens per second that it gets back
    #[arg(long, value_name = "TOKENS", conflicts_with = "default_rate_limit")]
    rate_limit_refill_rate: Option<f64>,
    /// Give it the server's rate limit
    #[arg(long)]
    default_rate_limit: bool,
    /// Whether it can be used, and what was made through it
    #[arg(long, value_name = "BOOL")]
    active: Option<bool>,
    #[command(flatten)]
    output: Output,
}

impl Update {
    pub(super) async fn run(self, clients: &ClientRegistry) -> Result<()> {
        let output = self.output;
        let client = named::find(&self.client, clients).await?;
        let change = ClientChange::from(self);
        if change == ClientChange::default() {
            return Err(Failure::new(
                "there is nothing to change",
                "say what with a flag; `belvedere client update --help` lists them",
            )
            .into());
        }
        let changed = clients.update(None, &client.id, change).await?;
        Ok(output.print(&ClientView::from(changed))?)
    }
}

impl From<Update> for ClientChange {
    fn from(update: Update) -> Self {
        Self {
            allowed_origins: change(update.allowed_origins, update.any_origin),
            rate_limit_capacity: change(update.rate_limit_capacity, update.default_rate_limit),
            rate_limit_refill_rate: change(update.rate_limit_refill_rate, update.default_rate_limit),
            is_active: update.active,
            name: update.name,
            client_uri: update.client_uri,
            redirect_uris: update.redirect_uris,
            scopes: update.scopes,
        }
    }
}

fn change<T>(value: Option<T>, clear: bool) -> Change<T> {
    match value {
        Some(value) => Change::Set(value),
        None if clear => Change::Clear,
        None => Change::Keep,
    }
}
