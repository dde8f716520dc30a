//! What a publisher says about a lexicon, and how old that is.

use atproto::lexicon::Lexicon;
use atproto::{Did, Nsid, Tid};

use super::StoredLexicon;
use crate::Error;

/// A lexicon as its publisher has it, wherever that was learnt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// The NSID it is published under, which is its record key.
    pub nsid: Nsid,
    /// Whose repository it is in.
    pub authority_did: Did,
    /// The document.
    pub json: String,
    /// The revision of the repository it is from, or an earlier one; `None` if that could not be learnt.
    pub rev: Option<Tid>,
}

impl Published {
    /// Parses the document, which must define the NSID it is published under.
    pub(crate) fn parse(&self) -> Result<Lexicon, Error> {
        let lexicon = Lexicon::parse(&self.json)?;
        if lexicon.id() == &self.nsid {
            return Ok(lexicon);
        }
        Err(Error::WrongId { expected: self.nsid.to_string(), found: lexicon.id().to_string() })
    }

    /// Whether `stored` has the same publisher. Revisions of two repositories say nothing about each other.
    pub(super) fn has_authority_of(&self, stored: &StoredLexicon) -> bool {
        stored.authority_did.as_deref() == Some(self.authority_did.as_str())
    }

    /// Whether `stored` has already heard something newer: what was fetched may be overtaken by the stream.
    pub(super) fn is_older_than(&self, stored: &StoredLexicon) -> bool {
        let (Some(ours), Some(theirs)) = (self.rev, stored.authority_rev) else { return false };
        self.has_authority_of(stored) && ours.as_i64() < theirs
    }

    /// The newest revision that either has heard of.
    pub(super) fn newest_rev(&self, stored: &StoredLexicon) -> Option<i64> {
        self.rev.map(Tid::as_i64).max(stored.authority_rev.filter(|_| self.has_authority_of(stored)))
    }
}
