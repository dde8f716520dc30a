//! Where a page ends and the next one begins.

use std::{fmt, str::FromStr};

use time::{OffsetDateTime, UtcOffset, format_description::well_known::Rfc3339};

use crate::{Error, StoredEvent, log::micros};

/// The place of an event in a newest-first list.
///
/// As text it is `TIME|ID`. A time alone, as older clients send it, is the place just after everything that happened
/// before that time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    pub(crate) created_at: i64,
    /// Empty for a time alone: no id sorts before it.
    pub(crate) id: String,
}

/// Longer than any UUID; whatever is longer came from nobody here.
const MAX_ID_BYTES: usize = 64;

impl Position {
    pub(crate) fn of(event: &StoredEvent) -> Self {
        Self { created_at: event.created_at, id: event.id.clone() }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.created_at) * 1000)
            .map_err(|_| fmt::Error)?
            .to_offset(UtcOffset::UTC)
            .format(&Rfc3339)
            .map_err(|_| fmt::Error)?;
        f.write_str(&time)?;
        if self.id.is_empty() { Ok(()) } else { write!(f, "|{}", self.id) }
    }
}

impl FromStr for Position {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let (time, id) = text.split_once('|').unwrap_or((text, ""));
        let time = OffsetDateTime::parse(time, &Rfc3339).map_err(|_| Error::Position)?;
        if id.len() > MAX_ID_BYTES || id.contains('\0') {
            return Err(Error::Position);
        }
        Ok(Self { created_at: micros(time), id: id.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comes_back_as_it_went_out() {
        for position in [
            Position { created_at: 1_725_911_162_329_308, id: "0191d8ab".to_owned() },
            Position { created_at: 1_725_911_162_000_000, id: String::new() },
        ] {
            assert_eq!(position.to_string().parse::<Position>().unwrap(), position);
        }
    }

    #[test]
    fn a_time_alone_is_a_position() {
        let position: Position = "2024-09-09T21:46:02.329+02:00".parse().unwrap();
        assert_eq!(position, Position { created_at: 1_725_911_162_329_000, id: String::new() });
    }

    #[test]
    fn nothing_else_is_accepted() {
        let long = format!("2024-09-09T19:46:02Z|{}", "a".repeat(65));
        for bad in ["", "|", "|a", "2024-09-09", "1725911162", "2024-09-09T19:46:02Z|\0", &long] {
            assert!(matches!(bad.parse::<Position>(), Err(Error::Position)), "{bad:?}");
        }
    }
}
