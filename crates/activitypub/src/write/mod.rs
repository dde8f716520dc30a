//! What this server says: one builder for each kind of document, so that a name is the same wherever it appears
//! (spec/social.md §4.3–4.9).
//!
//! Everything is written in the shape that all servers read: short names, lists where there may be several, one context. What is
//! empty is left out.

mod activity;
mod actor;
mod collection;
mod context;
mod note;
#[cfg(test)]
mod tests;

pub use activity::{ActivityDocument, accept, reject, undo};
pub use actor::ActorDocument;
pub use collection::{CollectionDocument, PageDocument};
pub use context::PUBLIC;
pub use note::{NoteDocument, tombstone};

use serde_json::{Map, Value};
use time::OffsetDateTime;
use time::format_description::StaticFormatDescription;
use time::macros::format_description;

/// Puts a property in if it says something.
fn put(map: &mut Map<String, Value>, name: &str, value: impl Into<Value>) {
    let value = value.into();
    let empty = match &value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        _ => false,
    };
    if !empty {
        map.insert(name.to_owned(), value);
    }
}

/// With milliseconds: two changes of one second are told apart.
const INSTANT: StaticFormatDescription =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");

/// A time, as `2026-01-02T03:04:05.678Z`; nothing for one that no calendar has.
fn written(time: OffsetDateTime) -> Option<String> {
    time.to_offset(time::UtcOffset::UTC).format(INSTANT).ok()
}
