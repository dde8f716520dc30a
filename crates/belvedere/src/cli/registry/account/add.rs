//! `belvedere registry account add`

use std::io::{self, Write};

use anyhow::Result;
use atproto::Handle;
use clap::Args;
use events::{Event, EventLog, kinds};
use serde::Serialize;

use super::secret::Secret;
use crate::cli::registry::opened::Opened;
use crate::failure::Failure;
use crate::output::{Answer, Output};

/// Make an account with an empty repository
///
/// Its handle begins the names of its images, so clients of the registry must be told nothing else. For others to find the account,
/// the handle must lead to this server.
#[derive(Args, Debug)]
pub(super) struct Add {
    /// What they sign in with: a domain name
    handle: String,
    #[command(flatten)]
    password: Secret,
    #[command(flatten)]
    output: Output,
}

#[derive(Serialize)]
struct Added {
    did: String,
    handle: String,
}

impl Add {
    pub(super) async fn run(self, opened: &Opened<'_>, log: &EventLog) -> Result<()> {
        let handle = parse(&self.handle)?;
        let password = self.password.read()?;
        opened.confirm_secret().await?;
        let did = opened.accounts.create(&handle, &password).await?;
        log.record(Event::new(kinds::REGISTRY_ACCOUNT_CREATED).subject(did.as_str()));
        Ok(self.output.print(&Added { did: did.to_string(), handle: handle.to_string() })?)
    }
}

/// Spelled as it is compared.
fn parse(text: &str) -> Result<Handle> {
    let name = text.strip_prefix('@').unwrap_or(text).to_ascii_lowercase();
    Handle::parse(&name).map_err(|error| {
        let problem = format!("`{text}` is not a handle: {error}");
        Failure::new(problem, "choose a domain name, such as alice.example.com").into()
    })
}

impl Answer for Added {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        writeln!(to, "added {} as {}", self.handle, self.did)
    }
}
