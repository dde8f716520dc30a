//! Who is meant by a name on the command line.

use accounts::Users;
use accounts::users::User;
use anyhow::Result;
use atproto::{AtIdentifier, Did, Handle};

use crate::config::Settings;
use crate::failure::Failure;
use crate::network;

/// The user with this id, DID or handle. Only for a handle the network is asked.
pub(super) async fn find(named: &str, users: &Users, settings: &Settings) -> Result<User> {
    let Some(identifier) = parse(named) else { return Ok(users.get(named).await?) };
    let did = did_of(&identifier, settings).await?;
    let found = users.find(&did).await?;
    let missing = || {
        let who = match &identifier {
            AtIdentifier::Did(did) => did.to_string(),
            AtIdentifier::Handle(handle) => format!("{handle} ({did})"),
        };
        Failure::new(
            format!("{who} is not a user here"),
            "`belvedere user list` shows everybody; `belvedere user add` adds somebody",
        )
    };
    Ok(found.ok_or_else(missing)?)
}

/// The DID of somebody who need not be a user yet.
pub(in crate::cli) async fn did(named: &str, settings: &Settings) -> Result<Did> {
    let identifier = parse(named).ok_or_else(|| {
        Failure::new(
            format!("`{named}` is neither a DID nor a handle"),
            "name a DID such as did:plc:ewvi7nxzyoun6zhxrhs64oiz or a handle such as alice.example.com",
        )
    })?;
    did_of(&identifier, settings).await
}

fn parse(named: &str) -> Option<AtIdentifier> {
    AtIdentifier::parse(named.strip_prefix('@').unwrap_or(named)).ok()
}

async fn did_of(identifier: &AtIdentifier, settings: &Settings) -> Result<Did> {
    match identifier {
        AtIdentifier::Did(did) => Ok(did.clone()),
        AtIdentifier::Handle(handle) => resolve(identifier, handle, settings).await,
    }
}

/// Rights are given to an account, so its handle must be its own: checked both ways.
async fn resolve(name: &AtIdentifier, handle: &Handle, settings: &Settings) -> Result<Did> {
    let resolver = network::resolver(settings, network::outbound_in_background(settings).await?);
    let verified = resolver.verified(name).await.map_err(|error| {
        Failure::new(
            error.to_string(),
            "check the spelling and the network, or name the DID, which asks nobody",
        )
    })?;
    let did = verified.identity.did.clone();
    if verified.handle.as_ref() == Some(handle) {
        return Ok(did);
    }
    Err(Failure::new(
        format!("{handle} leads to {did}, which does not call itself so"),
        "name the DID if that is who you mean",
    )
    .into())
}
