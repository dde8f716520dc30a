//! `belvedere client create`

use std::io::{self, Write};

use accounts::clients::{ClientRegistry, ClientType, NewClient};
use anyhow::Result;
use clap::Args;
use serde::Serialize;

use crate::output::{Answer, Facts, Output};

const EXAMPLES: &str = "\
Examples:
  belvedere client create --name Statusphere --client-id-url https://status.example.com/client-metadata.json \\
    --client-uri https://status.example.com --redirect-uri https://status.example.com/callback
  belvedere client create --name Phone --type public --client-id-url https://phone.example.com/client-metadata.json \\
    --client-uri https://phone.example.com --redirect-uri com.example.phone:/callback \\
    --scopes \"atproto repo:xyz.statusphere.status\"";

/// Register an app and print its key and secret, the secret this once
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(super) struct Create {
    /// What people call the app
    #[arg(long)]
    name: String,
    /// The app's OAuth client id: the URL of its client metadata; it never changes
    #[arg(long, value_name = "URL")]
    client_id_url: String,
    /// Where the app is
    #[arg(long, value_name = "URL")]
    client_uri: String,
    /// Where users may be sent after signing in; can be repeated
    #[arg(long = "redirect-uri", value_name = "URI")]
    redirect_uris: Vec<String>,
    /// The most that its sessions may have, separated by spaces
    #[arg(long, default_value = "atproto")]
    scopes: String,
    /// Whether it can keep a secret: a server can, a browser or a phone cannot
    #[arg(long = "type", value_name = "TYPE", default_value = "confidential", value_parser = ["confidential", "public"])]
    client_type: String,
    /// Only pages of this origin may use it; can be repeated [default: not restricted]
    #[arg(long = "allowed-origin", value_name = "ORIGIN")]
    allowed_origins: Vec<String>,
    /// Tokens that it may spend at once [default: the server's]
    #[arg(long, value_name = "TOKENS")]
    rate_limit_capacity: Option<i64>,
    /// Tokens per second that it gets back [default: the server's]
    #[arg(long, value_name = "TOKENS")]
    rate_limit_refill_rate: Option<f64>,
    #[command(flatten)]
    output: Output,
}

/// The fields of the admin API.
#[derive(Serialize)]
struct Created {
    id: String,
    client_key: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_secret: Option<String>,
    name: String,
    client_id_url: String,
    client_type: ClientType,
}

impl Create {
    pub(super) async fn run(self, clients: &ClientRegistry) -> Result<()> {
        let output = self.output;
        let made = clients.create(None, self.into()).await?;
        let created = Created {
            id: made.client.id,
            client_key: made.client.client_key,
            client_secret: made.client_secret,
            name: made.client.name,
            client_id_url: made.client.client_id_url,
            client_type: made.client.client_type,
        };
        output.print(&created)?;
        if created.client_secret.is_some() && !output.json {
            eprintln!("note: the secret is not shown again");
        }
        Ok(())
    }
}

impl From<Create> for NewClient {
    fn from(new: Create) -> Self {
        let restricted = !new.allowed_origins.is_empty();
        Self {
            name: new.name,
            client_id_url: new.client_id_url,
            client_uri: new.client_uri,
            redirect_uris: new.redirect_uris,
            scopes: Some(new.scopes),
            client_type: Some(new.client_type),
            allowed_origins: restricted.then_some(new.allowed_origins),
            rate_limit_capacity: new.rate_limit_capacity,
            rate_limit_refill_rate: new.rate_limit_refill_rate,
        }
    }
}

impl Answer for Created {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        let facts = Facts::default().fact("id", &self.id).fact("client key", &self.client_key);
        let secret = self.client_secret.as_deref().unwrap_or("none: a public client proves itself otherwise");
        write!(to, "{}", facts.fact("client secret", secret))
    }
}
