//! Who is meant by a DID or a handle.

use atproto::{AtIdentifier, Did};
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
    let text = error.to_string();
    let problem = if error.is_transient() { Problem::bad_gateway(text) } else { Problem::bad_request(text) };
    problem.caused_by(error)
}

#[cfg(test)]
mod tests {
    use std::{sync::Arc, time::Duration};

    use http::StatusCode;
    use outbound::Attempt;

    use super::*;

    #[test]
    fn the_failure_of_another_server_is_not_ours() {
        let attempt = Attempt { verb: "GET".to_owned(), host: "plc.example".to_owned() };
        let cause = Arc::new(outbound::Error::Timeout { attempt, limit: Duration::from_secs(1) });
        let did = Did::parse("did:plc:ewvi7nxzyoun6zhxrhs64oiz").unwrap();
        let problem = unresolved(identity::Error::DidUnavailable { did, cause });
        assert_eq!(problem.status, StatusCode::BAD_GATEWAY);
        assert!(!problem.is_our_fault());
    }
}
