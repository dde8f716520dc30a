//! Records in storable form, checked by their CIDs.

use std::borrow::Cow;

use atproto::data::{Limits, record};
use atproto::{Cid, RecordKey};

use crate::Found;

/// A record that came as JSON, if it is what its CID announces; otherwise why not, as a short name for metrics.
///
/// One outside the data model that CIDs are defined for cannot be checked, and is taken as the live stream takes it.
pub(crate) fn announced(rkey: RecordKey, json: &[u8], cid: Cid) -> Result<Found, &'static str> {
    let inspected = record::inspect(json, &Limits::default()).map_err(|error| error.reason())?;
    if inspected.cid.as_ref().is_ok_and(|found| *found != cid) {
        return Err("cid_mismatch");
    }
    let refs = inspected.refs.into_iter().map(Cow::into_owned).collect();
    Ok(Found { rkey, json: inspected.text.into_owned(), cid, refs })
}

/// A record that came as the block with this CID.
pub(crate) fn signed(rkey: RecordKey, block: &[u8], cid: Cid) -> Result<Found, &'static str> {
    let decoded = record::decode(block, &Limits::default()).map_err(|error| error.reason())?;
    Ok(Found { rkey, json: decoded.json, cid, refs: decoded.refs })
}
