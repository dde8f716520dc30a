//! The record a request is about.

use atproto::{AtIdentifier, AtUri, Did, Nsid, RecordKey};
use identity::{Error, Resolver};
use server::Problem;

use crate::unresolved;

/// The parts of a record's AT URI. A handle in it is resolved; DIDs are not looked up.
pub(crate) async fn named(resolver: &Resolver, uri: &str) -> Result<(Did, Nsid, RecordKey), Problem> {
    let uri = AtUri::parse(uri).map_err(|error| Problem::bad_request(format!("uri: {error}")))?;
    let (Some(collection), Some(rkey)) = (uri.collection(), uri.rkey()) else {
        return Err(Problem::bad_request("uri must name a record: at://DID/COLLECTION/RKEY"));
    };
    let did = match uri.authority() {
        AtIdentifier::Did(did) => did.clone(),
        AtIdentifier::Handle(handle) => {
            let account = resolver.verified(uri.authority()).await.map_err(|error| unresolved(&error))?;
            // Anybody can point a name at an account; it is the account's only if that says so, too.
            if account.handle.as_ref() != Some(handle) {
                return Err(Problem::not_found("record not found"));
            }
            account.identity.did.clone()
        }
    };
    Ok((did, collection.clone(), rkey.clone()))
}

/// Nobody of that name has a record.
fn unresolved(error: &Error) -> Problem {
    if error.is_not_found() { Problem::not_found("record not found") } else { unresolved::problem(error) }
}
