//! What is found.

use store::{Error, Row};

/// A visible record of the index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// `at://DID/COLLECTION/RKEY`.
    pub uri: String,
    /// The author.
    pub did: String,
    /// Of the record as its author signed it; `None` for records made here only.
    pub cid: Option<String>,
    /// The JSON object as stored; [`json_record`](crate::json_record) adds the URI.
    pub json: String,
}

/// One page of what is found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// In the order asked for.
    pub records: Vec<Found>,
    /// Where the next page begins; present only when there is one.
    pub cursor: Option<String>,
}

impl Found {
    /// Reads the columns `did, rkey, cid, json`.
    pub(crate) fn from_row(row: &Row<'_>, collection: &str) -> Result<Self, Error> {
        let did = row.text(0)?;
        Ok(Self {
            uri: ["at://", did, "/", collection, "/", row.text(1)?].concat(),
            did: did.to_owned(),
            cid: row.opt_text(2)?.map(str::to_owned),
            json: row.string(3)?,
        })
    }
}
