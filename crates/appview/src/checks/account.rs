//! What was wrong with records of accounts with which something happened.

use std::collections::BTreeSet;

use atproto::RecordName;
use store::{Database, Error};

use super::tables;

/// The records of these accounts of which something is kept: they may be gone.
pub(super) async fn flawed(index: &Database, dids: BTreeSet<String>) -> Result<Vec<RecordName>, Error> {
    let read = index.read(move |conn| {
        dids.iter().map(|did| tables::of_account(conn, did)).collect::<Result<Vec<_>, Error>>()
    });
    Ok(read.await?.concat())
}
