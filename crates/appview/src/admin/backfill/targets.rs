//! Whose history is meant.

use std::collections::BTreeSet;

use atproto::{AtIdentifier, Did};
use futures::{StreamExt, TryStreamExt, stream};
use identity::Resolver;
use server::Problem;

use crate::unresolved;

/// The bound of the protocol (spec/appview.md §3.13).
const MAX_NAMES: usize = 500;

/// Handles looked up at once.
const AT_ONCE: usize = 16;

/// The accounts with these names, DIDs or handles, each once. The first name that leads nowhere is the problem.
pub(super) async fn resolve(names: &[String], resolver: &Resolver) -> Result<Vec<Did>, Problem> {
    if names.is_empty() || names.len() > MAX_NAMES {
        return Err(Problem::bad_request(format!("dids must be 1 to {MAX_NAMES} handles or DIDs")));
    }
    let identifiers: Vec<AtIdentifier> = names.iter().map(|name| parse(name)).collect::<Result<_, _>>()?;
    let dids: BTreeSet<Did> =
        stream::iter(identifiers).map(|name| did_of(name, resolver)).buffered(AT_ONCE).try_collect().await?;
    Ok(dids.into_iter().collect())
}

fn parse(name: &str) -> Result<AtIdentifier, Problem> {
    AtIdentifier::parse(name.strip_prefix('@').unwrap_or(name)).map_err(|_| {
        let excerpt: String = name.chars().take(80).collect();
        Problem::bad_request(format!("{excerpt:?} is neither a DID nor a handle"))
    })
}

/// A handle only says where to look, and what is found there is its author's whoever they are: no need to verify it.
async fn did_of(name: AtIdentifier, resolver: &Resolver) -> Result<Did, Problem> {
    match name {
        AtIdentifier::Did(did) => Ok(did),
        AtIdentifier::Handle(handle) => {
            resolver.resolve_handle(&handle).await.map_err(|error| unresolved::problem(&error))
        }
    }
}
