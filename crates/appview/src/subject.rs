//! The record a request is about.

use atproto::{AtIdentifier, AtUri, Did, Nsid, RecordKey};
use identity::Resolver;
use server::Problem;

/// Parses the AT URI of a record. A handle in it is resolved; DIDs are not looked at.
pub(crate) async fn named(resolver: &Resolver, uri: &str) -> Result<(Did, Nsid, RecordKey), Problem> {
    let uri = AtUri::parse(uri).map_err(|error| Problem::bad_request(format!("uri: {error}")))?;
    let (Some(collection), Some(rkey)) = (uri.collection(), uri.rkey()) else {
        return Err(Problem::bad_request("uri must name a record: at://DID/COLLECTION/RKEY"));
    };
    let did = match uri.authority() {
        AtIdentifier::Did(did) => did.clone(),
        AtIdentifier::Handle(handle) => resolve(resolver, handle).await?,
    };
    Ok((did, collection.clone(), rkey.clone()))
}

async fn resolve(_resolver: &Resolver, _handle: &atproto::Handle) -> Result<Did, Problem> {
    todo!()
}
