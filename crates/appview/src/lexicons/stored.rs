//! One row of the table of lexicons.

use std::fmt;
use std::str::FromStr;

use atproto::lexicon::LexiconType;
use readthrough::Policy;
use store::Row;

use super::Validation;
use crate::Error;

/// What [`StoredLexicon::from_row`] reads, in its order.
pub(super) const COLUMNS: &str = "id, revision, lexicon_json, lexicon_type, backfill, target_collection, action, \
     token_cost, source, authority_did, authority_rev, last_fetched_at, created_at, updated_at, read_through, validation";

/// A lexicon with the attributes that are not part of its JSON (spec/appview.md §1.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredLexicon {
    /// Its NSID.
    pub id: String,
    /// 1 when it was added, one more with each replacement.
    pub revision: i64,
    /// The document, byte for byte as it was given.
    pub json: String,
    /// `record`, `query`, `procedure`, `space` or `definitions`.
    pub kind: String,
    /// Whether a record collection's history is wanted besides its future.
    pub backfill: bool,
    /// The collection that a query reads or a procedure writes.
    pub target_collection: Option<String>,
    /// What a procedure does; `None` leaves it to the call.
    pub action: Option<Action>,
    /// Rate-limit tokens per call; `None` is the default of its type.
    pub token_cost: Option<i64>,
    /// Where it came from.
    pub source: Source,
    /// Network lexicons: whose repository it is published in.
    pub authority_did: Option<String>,
    /// Network lexicons: the revision of that repository that the text is from, or newer; a TID as a number.
    pub(super) authority_rev: Option<i64>,
    /// Network lexicons: when its publisher was last heard, in microseconds.
    pub last_fetched_at: Option<i64>,
    /// When it was added, in microseconds.
    pub created_at: i64,
    /// When it last changed, in microseconds.
    pub updated_at: i64,
    /// What of a record collection may be asked for when it is not here; `None` is the server's setting.
    pub read_through: Option<Policy>,
    /// What becomes of records, and of inputs of a procedure, that are not what it says.
    pub validation: Validation,
}

impl StoredLexicon {
    /// Whether it asks for a collection's records from before.
    pub(super) fn wants_history(&self) -> bool {
        self.backfill && self.kind == LexiconType::Record.as_str()
    }

    pub(super) fn from_row(row: &Row<'_>) -> Result<Self, Error> {
        let string = |column| Ok::<_, store::Error>(row.opt_text(column)?.map(str::to_owned));
        Ok(Self {
            id: row.string(0)?,
            revision: row.int(1)?,
            json: row.string(2)?,
            kind: row.string(3)?,
            backfill: row.bool(4)?,
            target_collection: string(5)?,
            action: row.opt_text(6)?.map(str::parse).transpose()?,
            token_cost: row.opt_int(7)?,
            source: Source::of(row.text(8)?),
            authority_did: string(9)?,
            authority_rev: row.opt_int(10)?,
            last_fetched_at: row.opt_int(11)?,
            created_at: row.int(12)?,
            updated_at: row.int(13)?,
            read_through: row.opt_text(14)?.map(read_through).transpose()?,
            validation: row.opt_text(15)?.map_or(Ok(Validation::Off), str::parse)?,
        })
    }
}

/// The policy with this name.
pub(super) fn read_through(name: &str) -> Result<Policy, Error> {
    name.parse().map_err(|_| Error::ReadThrough(name.chars().take(40).collect()))
}

/// Where a lexicon came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Given by the operator; changes only when they change it.
    Manual,
    /// Fetched from its publisher and kept in step with them.
    Network,
}

impl Source {
    /// The word for it in the database and the admin API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Manual => "manual",
            Self::Network => "network",
        }
    }

    fn of(word: &str) -> Self {
        if word == Self::Network.as_str() { Self::Network } else { Self::Manual }
    }
}

/// What a procedure does with the records of its target collection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Makes one.
    Create,
    /// Replaces one.
    Update,
    /// Removes one.
    Delete,
}

impl Action {
    /// The word for it in the database and the admin API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Delete => "delete",
        }
    }
}

impl FromStr for Action {
    type Err = Error;

    fn from_str(word: &str) -> Result<Self, Error> {
        [Self::Create, Self::Update, Self::Delete]
            .into_iter()
            .find(|action| action.as_str() == word)
            .ok_or_else(|| Error::Action(word.chars().take(40).collect()))
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
