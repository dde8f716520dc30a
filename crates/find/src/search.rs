//! A question for the records whose field contains a text.

use atproto::Nsid;
use serde_json::Value;

use crate::arguments::Arguments;
use crate::error::excerpt;
use crate::{Error, Path};

/// Records of an answer unless the search says otherwise.
const DEFAULT_LIMIT: u32 = 10;

/// A text in one field, without regard to case (spec/appview.md §5.7, `db.search`).
///
/// First come the records whose field is the text, then those that begin with it, then those that contain it; within
/// each, in the order of the alphabet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Search {
    /// What is asked about.
    pub collection: Nsid,
    /// Where the text is.
    pub field: Path,
    /// The text, without wildcards.
    pub text: String,
    /// At most so many records.
    pub limit: u32,
}

impl Search {
    /// Reads a search from the JSON of a script's table, where the text is named `query`.
    pub fn parse(json: &Value) -> Result<Self, Error> {
        let arguments = Arguments::of(json)?;
        let field = arguments.required_text("field")?;
        Ok(Self {
            collection: arguments.collection()?,
            field: field.parse().map_err(|_| Error::SearchField(excerpt(&field)))?,
            text: arguments.required_text("query")?,
            limit: arguments.limit(DEFAULT_LIMIT)?,
        })
    }
}
