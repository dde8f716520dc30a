//! A question for the records that refer to another one.

use atproto::Nsid;
use serde_json::Value;

use crate::Error;
use crate::arguments::Arguments;
use crate::query::DEFAULT_LIMIT;

/// Which records refer to a URI, newest first (spec/appview.md §5.7, `db.backlinks`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backlinks {
    /// Of the records that refer.
    pub collection: Nsid,
    /// What is referred to, anywhere in a record, exactly as it stands there.
    pub uri: String,
    /// Only this author.
    pub did: Option<String>,
    /// At most so many records.
    pub limit: u32,
    /// [`Page::cursor`](crate::Page::cursor) of the previous page.
    pub cursor: Option<String>,
}

impl Backlinks {
    /// Reads the question from the JSON of a script's table.
    pub fn parse(json: &Value) -> Result<Self, Error> {
        let arguments = Arguments::of(json)?;
        Ok(Self {
            collection: arguments.collection()?,
            uri: arguments.required_text("uri")?,
            did: arguments.text("did")?,
            limit: arguments.limit(DEFAULT_LIMIT)?,
            cursor: arguments.text("cursor")?,
        })
    }
}
