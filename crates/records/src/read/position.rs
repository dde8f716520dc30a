//! Where a page ends and the next one begins.

use std::fmt;
use std::str::FromStr;

use data_encoding::BASE64URL_NOPAD;

use crate::Error;

/// The place of a record in a newest-first list. Records that arrive later sort before it, so a page that continues
/// from here neither repeats nor misses anything.
///
/// As text it is opaque to clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    pub(crate) created_at: i64,
    pub(crate) id: i64,
}

impl Position {
    /// Before every record.
    pub(crate) const START: Self = Self { created_at: i64::MAX, id: i64::MAX };
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&self.created_at.to_be_bytes());
        bytes[8..].copy_from_slice(&self.id.to_be_bytes());
        f.write_str(&BASE64URL_NOPAD.encode(&bytes))
    }
}

impl FromStr for Position {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).map_err(|_| Error::Position)?;
        let (created_at, id) = bytes.split_first_chunk().ok_or(Error::Position)?;
        let id = id.try_into().map_err(|_| Error::Position)?;
        Ok(Self { created_at: i64::from_be_bytes(*created_at), id: i64::from_be_bytes(id) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comes_back_as_it_went_out() {
        for position in [Position { created_at: 1_725_911_162_329_308, id: 7 }, Position::START] {
            assert_eq!(position.to_string().parse::<Position>().unwrap(), position);
        }
    }

    #[test]
    fn nothing_else_is_accepted() {
        let good = Position { created_at: 1, id: 2 }.to_string();
        for bad in ["", "0", "20", "?", &good[1..], &format!("{good}A"), &format!("{good}AAAA")] {
            assert!(matches!(bad.parse::<Position>(), Err(Error::Position)), "{bad:?}");
        }
    }
}
