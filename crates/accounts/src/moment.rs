//! Times on the wire: RFC 3339, UTC, milliseconds.

use serde::{Serializer, ser::Error};
use time::{OffsetDateTime, UtcOffset, format_description::BorrowedFormatItem, macros::format_description};

const FORMAT: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");

/// For `#[serde(serialize_with)]`.
pub(crate) fn serialize<S: Serializer>(time: &OffsetDateTime, serializer: S) -> Result<S::Ok, S::Error> {
    let text = time.to_offset(UtcOffset::UTC).format(FORMAT).map_err(S::Error::custom)?;
    serializer.serialize_str(&text)
}

/// The same for a time that may be missing, which is null.
#[expect(clippy::ref_option, reason = "serde calls it so")]
pub(crate) fn serialize_option<S: Serializer>(
    time: &Option<OffsetDateTime>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match time {
        Some(time) => serialize(time, serializer),
        None => serializer.serialize_none(),
    }
}
