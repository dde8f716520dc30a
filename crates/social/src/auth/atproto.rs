//! People who sign in with an account of the AT Protocol: their profile here belongs to its DID.

use ::atproto::{AtIdentifier, Did};

use super::identity::Identity;
use super::register::make;
use crate::Error;
use crate::services::Services;
use crate::users::rules;

/// Names that are tried before somebody has to choose one.
const TRIES: usize = 20;

/// Whoever has this DID here; somebody new, called after their handle or as they want to be, if nobody has.
pub(super) async fn open(services: &Services, did: &str, wanted: Option<&str>) -> Result<Identity, Error> {
    let name = did.to_owned();
    if let Some(identity) = services.ask(move |conn| Identity::by_did(conn, &name)).await? {
        return Ok(identity);
    }
    if !services.config().registration {
        return Err(Error::Forbidden("registration is closed"));
    }
    let user = match wanted {
        Some(wanted) => {
            rules::username(wanted)?;
            make(services, wanted, None, None, Some(did.to_owned())).await?
        }
        None => named_after_handle(services, did).await?,
    };
    super::login::identity(services, user.uuid).await
}

async fn named_after_handle(services: &Services, did: &str) -> Result<crate::users::User, Error> {
    let choose = || Error::Invalid("choose a username".into());
    let base = handle(services, did).await.as_deref().and_then(base).ok_or_else(choose)?;
    for number in 1..=TRIES {
        let name = if number == 1 { base.clone() } else { format!("{base}{number}") };
        if rules::username(&name).is_err() {
            continue;
        }
        match make(services, &name, None, None, Some(did.to_owned())).await {
            Err(Error::Taken(_)) => {}
            made => return made,
        }
    }
    Err(choose())
}

async fn handle(services: &Services, did: &str) -> Option<String> {
    let did = AtIdentifier::Did(Did::parse(did).ok()?);
    let verified = services.resolver()?.verified(&did).await.ok()?;
    Some(verified.shown_handle().to_owned())
}

/// The first part of a handle, as far as it can be in a name.
fn base(handle: &str) -> Option<String> {
    let first = handle.split('.').next()?;
    let name: String =
        first.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).take(28).collect();
    (!name.is_empty() && handle.contains('.') && handle != "handle.invalid").then_some(name)
}
