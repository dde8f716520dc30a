//! Untrusted JSON objects that every reader understands alike.

use serde::de::DeserializeOwned;

use crate::data::{DataError, Limits, check_size, scan, storable};
use crate::excerpt::excerpt;

/// Reads one JSON object within `limits`, no key of which appears twice. Characters that a database cannot keep are
/// replaced.
pub(crate) fn read<T: DeserializeOwned>(json: &[u8], limits: &Limits) -> Result<T, DataError> {
    check_size(json.len(), limits)?;
    let json = storable(str::from_utf8(json).map_err(|_| DataError::NotUtf8)?);
    scan(&json, limits)?;
    serde_json::from_str(&json).map_err(|error| DataError::NotJson(excerpt(&error.to_string())))
}
