//! Both ends of an import.

use std::path::Path;

use anyhow::{Context, Result};
use outbound::{NamedHost, Outbound, Policy};
use registry_client::{Credentials, Registry as Remote, Source};
use url::Url;

use super::{Registry, secret};
use crate::config::Settings;
use crate::failure::Failure;
use crate::network;

/// Where images come from.
pub(super) struct From {
    pub(super) source: Source,
    /// What all names have to begin with; empty for all.
    pub(super) below: String,
}

/// Where they go.
pub(super) struct Place {
    pub(super) registry: Remote,
    /// As names begin there.
    pub(super) owner: String,
}

pub(super) async fn source(of: &Registry, settings: &Settings) -> Result<From> {
    if !of.source.starts_with("https://") && !of.source.starts_with("http://") {
        let source = Source::folder(Path::new(&of.source)).map_err(|error| {
            Failure::new(error.to_string(), "`belvedere import registry --help` shows what can be imported")
        })?;
        return Ok(From { source, below: String::new() });
    }
    let url = Url::parse(&of.source).with_context(|| format!("`{}` is no address", of.source))?;
    if !url.username().is_empty() || url.password().is_some() {
        let help = "give them with --source-user and --source-password-file";
        return Err(Failure::new("a name or a password in an address is seen by others", help).into());
    }
    let credentials = match (&of.source_user, &of.source_password_file) {
        (Some(user), Some(file)) => Some(Credentials { user: user.clone(), password: secret::read(file)? }),
        _ => None,
    };
    let below = url.path().trim_matches('/').to_owned();
    let registry = Remote::new(to(&url, settings).await?, &url, credentials);
    Ok(From { source: Source::Registry(Box::new(registry)), below })
}

pub(super) async fn target(of: &Registry, settings: &Settings) -> Result<Place> {
    let url = match &of.to {
        Some(url) => url.clone(),
        None => own(settings)?,
    };
    let owner = of.owner.as_deref().unwrap_or(&of.user);
    let credentials = Credentials { user: of.user.clone(), password: secret::read(&of.password_file)? };
    let registry = Remote::new(to(&url, settings).await?, &url, Some(credentials));
    Ok(Place { registry, owner: spelled(owner) })
}

/// As it begins the name of a repository: clients take no colons there, and servers no capitals.
fn spelled(owner: &str) -> String {
    owner
        .trim_start_matches('@')
        .to_ascii_lowercase()
        .replacen("did:plc:", "did-plc-", 1)
        .replacen("did:web:", "did-web-", 1)
}

/// Where the server of this configuration listens.
fn own(settings: &Settings) -> Result<Url> {
    let host =
        if settings.host.is_unspecified() { "127.0.0.1".to_owned() } else { settings.host.to_string() };
    let host = if host.contains(':') { format!("[{host}]") } else { host };
    Url::parse(&format!("http://{host}:{}", settings.port)).context("the address of the server")
}

/// The way to a server that the operator names, wherever it is; where that one sends us, nobody has named.
async fn to(url: &Url, settings: &Settings) -> Result<Outbound> {
    let outbound = network::outbound_in_background(settings).await?;
    let allow_hosts = NamedHost::of(url).into_iter().collect();
    Ok(outbound.with_policy(Policy { allow_hosts, ..outbound.policy().clone() })?)
}
