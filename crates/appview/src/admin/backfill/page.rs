//! Pages of repositories: a cursor is the DID that the page before ended with.

use atproto::Did;
use server::Problem;

/// How many there are on a page unless somebody says otherwise.
pub(super) const DEFAULT: u32 = 50;

/// The DID that the previous page ended with.
pub(super) fn after(cursor: Option<&str>) -> Result<Option<Did>, Problem> {
    let did = cursor.map(Did::parse).transpose();
    did.map_err(|error| Problem::bad_request(format!("cursor: {error}")))
}

/// Where a page of these repositories ends; `None` if it was not full, so that it is the last.
pub(super) fn cursor<'a>(dids: impl ExactSizeIterator<Item = &'a Did>, limit: u32) -> Option<String> {
    let is_full = u32::try_from(dids.len()).is_ok_and(|count| count >= limit);
    dids.last().filter(|_| is_full).map(ToString::to_string)
}
