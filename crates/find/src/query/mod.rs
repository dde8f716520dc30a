//! A question about the records of one collection.

mod parse;

use std::fmt;

use atproto::Nsid;
use serde_json::Value;

use crate::{Error, Filter, Path};

/// Records of a page unless the query says otherwise.
pub(crate) const DEFAULT_LIMIT: u32 = 20;

/// Which records of a collection, in which order, from where on (spec/appview.md §5.7, `db.query`).
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// What is asked about.
    pub collection: Nsid,
    /// Only this author. A text that is no DID is an author without records.
    pub did: Option<String>,
    /// At most so many records.
    pub limit: u32,
    /// [`Page::cursor`](crate::Page::cursor) of the previous page of the same query.
    pub cursor: Option<String>,
    /// How many records are left out first; heeded only with a sort and without a cursor.
    pub offset: u32,
    /// By what the records are ordered; without it, by when they were first seen.
    pub sort: Option<Sort>,
    /// Which way.
    pub direction: Direction,
    /// Which records are wanted; all, if there is none.
    pub filter: Option<Filter>,
}

/// By what records are ordered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sort {
    /// When they last changed here.
    IndexedAt,
    /// Their author's DID.
    Did,
    /// Their AT URI.
    Uri,
    /// A value inside them.
    Path(Path),
}

/// Which way an order runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Direction {
    /// The smallest first.
    Ascending,
    /// The greatest, or newest, first.
    #[default]
    Descending,
}

impl Query {
    /// The newest records of a collection.
    #[must_use]
    pub fn new(collection: Nsid) -> Self {
        Self {
            collection,
            did: None,
            limit: DEFAULT_LIMIT,
            cursor: None,
            offset: 0,
            sort: None,
            direction: Direction::Descending,
            filter: None,
        }
    }

    /// Reads a query from the JSON of a script's table.
    pub fn parse(json: &Value) -> Result<Self, Error> {
        parse::query(json)
    }
}

impl fmt::Display for Sort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::IndexedAt => f.write_str("indexed_at"),
            Self::Did => f.write_str("did"),
            Self::Uri => f.write_str("uri"),
            Self::Path(path) => path.fmt(f),
        }
    }
}

impl Direction {
    /// The comparison that holds between a record and one that comes before it.
    pub(crate) fn after(self) -> &'static str {
        match self {
            Self::Ascending => ">",
            Self::Descending => "<",
        }
    }

    /// As ORDER BY spells it.
    pub(crate) fn sql(self) -> &'static str {
        match self {
            Self::Ascending => "ASC",
            Self::Descending => "DESC",
        }
    }
}
