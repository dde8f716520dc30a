//! Records as they arrive and as they are stored.

use std::borrow::Cow;

use atproto::Cid;
use atproto::data::record;
use atproto::data::{DataError, Limits};

use crate::RecordAction;

/// Room for the spaces that PostgreSQL writes into JSON of the largest size and depth.
const STORED: Limits = Limits { bytes: 8 << 20, depth: Limits::MAX_DEPTH };

/// Why a record is not stored.
#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    /// Not a record at all, or too big or deep for one.
    #[error(transparent)]
    Data(#[from] DataError),
    /// The content is not what its author signed.
    #[error("the record's CID is {found}, announced is {announced}")]
    CidMismatch {
        /// Of the JSON that came.
        found: Cid,
        /// What the source said.
        announced: Cid,
    },
}

impl Rejection {
    /// A short name for metrics.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Data(error) => error.reason(),
            Self::CidMismatch { .. } => "cid_mismatch",
        }
    }
}

impl RecordAction {
    /// Checks a record that came with or without an announced CID and puts it into storable form.
    ///
    /// A record without announced CID, or outside the data model that CIDs are defined for, is accepted unchecked
    /// (spec/appview.md §1.4).
    pub fn put(json: &[u8], announced: Option<Cid>) -> Result<Self, Rejection> {
        let inspected = record::inspect(json, &Limits::default())?;
        if let (Ok(found), Some(announced)) = (&inspected.cid, announced)
            && *found != announced
            && !faults::mutant!("records-cid-not-compared")
        {
            return Err(Rejection::CidMismatch { found: *found, announced });
        }
        let refs = inspected.refs.into_iter().map(Cow::into_owned).collect();
        Ok(Self::Put { json: inspected.text.into_owned(), cid: announced, refs })
    }
}

/// The `at://` strings of a stored record, each once.
pub(crate) fn references(json: &str) -> Vec<String> {
    // What is stored was inspected when it came.
    record::references(json, &STORED)
        .map(|refs| refs.into_iter().map(Cow::into_owned).collect())
        .unwrap_or_default()
}
