//! One domain.

use store::Conn;
use time::OffsetDateTime;

use super::url::host;
use crate::{Error, clock::from_micros};

/// A domain that this server answers on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Domain {
    /// The row id.
    pub id: String,
    /// Its origin, e.g. `https://app.example.com`: no path, no slash at the end.
    pub url: String,
    /// Whether it is the one that stands for the server.
    pub is_primary: bool,
    /// When it was added.
    pub created_at: OffsetDateTime,
    /// When it was last changed.
    pub updated_at: OffsetDateTime,
    host: String,
}

impl Domain {
    /// Its host name in lower case, without port.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// All of them, the primary one first, then in the order in which they were added.
    pub(super) fn all(conn: &mut Conn<'_>) -> Result<Vec<Self>, Error> {
        conn.query(
            "SELECT id, url, is_primary, created_at, updated_at FROM domains \
             ORDER BY is_primary DESC, created_at, id",
            &[],
            |row| {
                let url = row.string(1)?;
                Ok(Self {
                    id: row.string(0)?,
                    host: host(url.split_once("://").map_or(&url, |(_, authority)| authority)),
                    url,
                    is_primary: row.bool(2)?,
                    created_at: from_micros(row.int(3)?),
                    updated_at: from_micros(row.int(4)?),
                })
            },
        )
    }
}
