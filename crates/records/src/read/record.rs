//! One record as it is stored.

use store::{Error, Row};

/// A visible record of the index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// `at://DID/COLLECTION/RKEY`.
    pub uri: String,
    /// Of the record as its author signed it; `None` for records made here only.
    pub cid: Option<String>,
    /// The JSON object as stored: write it out, do not parse it.
    pub json: String,
    /// When it last changed here, in microseconds.
    pub indexed_at: i64,
    /// When it was first seen here, in microseconds.
    pub created_at: i64,
}

impl Record {
    /// Reads the columns `did, rkey, cid, json, indexed_at, created_at`.
    pub(super) fn from_row(row: &Row<'_>, collection: &str) -> Result<Self, Error> {
        Ok(Self {
            uri: uri(row.text(0)?, collection, row.text(1)?),
            cid: row.opt_text(2)?.map(str::to_owned),
            json: row.string(3)?,
            indexed_at: row.int(4)?,
            created_at: row.int(5)?,
        })
    }

    /// The author, as it stands in the URI.
    #[must_use]
    pub fn did(&self) -> &str {
        self.part(0)
    }

    /// The record key, as it stands in the URI.
    #[must_use]
    pub fn rkey(&self) -> &str {
        self.part(2)
    }

    fn part(&self, number: usize) -> &str {
        self.uri.strip_prefix("at://").and_then(|rest| rest.split('/').nth(number)).unwrap_or_default()
    }
}

pub(crate) fn uri(did: &str, collection: &str, rkey: &str) -> String {
    ["at://", did, "/", collection, "/", rkey].concat()
}
