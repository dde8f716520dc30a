//! Who is meant by a name on the command line.

use anyhow::Result;
use atproto::{Did, Handle};
use identity::Local;

use super::opened::Opened;
use crate::cli::user;

/// The DID of somebody, here or elsewhere. Only for a handle that is not at home here the network is asked.
pub(super) async fn did(named: &str, opened: &Opened<'_>) -> Result<Did> {
    let handle = Handle::parse(named.strip_prefix('@').unwrap_or(named)).ok();
    match handle.and_then(|handle| opened.repos.directory().by_handle(&handle)) {
        Some(did) => Ok(did),
        None => user::did(named, opened.settings).await,
    }
}
