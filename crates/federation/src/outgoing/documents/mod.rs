//! People and thoughts of this server as others read them: one builder for what is sent and what is fetched (spec/social.md §4.3, §4.6).

mod note;
mod person;

use time::OffsetDateTime;

pub(crate) use self::note::{LocalNote, local_note, local_note_by_uuid, local_notes};
pub(crate) use self::person::person;

/// A time of the database.
pub(crate) fn time_of(micros: i64) -> Option<OffsetDateTime> {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(micros) * 1_000).ok()
}
