//! Who is meant by a DID or a handle.

use atproto::{AtIdentifier, Did};
use http::StatusCode;
use server::Problem;

use crate::Accounts;

/// The DID of an account. A DID is taken as it is; a handle must lead to an account that says it is its own.
pub(super) async fn named(accounts: &Accounts, name: &str) -> Result<Did, Problem> {
    let wrong = |error| Problem::bad_request(format!("did: {error}"));
    let name = AtIdentifier::parse(name.trim_start_matches('@')).map_err(wrong)?;
    let handle = match &name {
        AtIdentifier::Did(did) => return Ok(did.clone()),
        AtIdentifier::Handle(handle) => handle,
    };
    let account = accounts.resolver.verified(&name).await.map_err(unresolved)?;
    if account.handle.as_ref() != Some(handle) {
        return Err(Problem::bad_request(format!(
            "did: {handle} points to an account that does not use this handle"
        )));
    }
    Ok(account.identity.did.clone())
}

/// 502 if trying again may help.
fn unresolved(error: identity::Error) -> Problem {
    let status = if error.is_transient() { StatusCode::BAD_GATEWAY } else { StatusCode::BAD_REQUEST };
    Problem::new(status, error.to_string()).caused_by(error)
}
