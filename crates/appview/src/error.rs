//! What can go wrong around lexicons.

use atproto::lexicon::{LexiconError, LexiconType};
use atproto::{Did, Nsid, SyntaxError};

use crate::lexicons::{MAX_BYTES, MAX_LEXICONS};

/// A lexicon that could not be stored, found or read. The text is for the operator.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database refused or could not be reached.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The record index could not be read or changed.
    #[error(transparent)]
    Records(records::Error),
    /// The lexicon itself cannot be used.
    #[error(transparent)]
    Lexicon(#[from] LexiconError),
    /// `target_collection` is no collection.
    #[error("target_collection: {0}")]
    TargetCollection(#[source] SyntaxError),
    /// `action` is none of the known words.
    #[error("action must be create, update, delete or absent, but it is {0:?}")]
    Action(String),
    /// `read_through` is none of the known words.
    #[error("read_through must be off, get, get+list or absent, but it is {0:?}")]
    ReadThrough(String),
    /// `validation` is none of the known words.
    #[error("validation must be off, flag, reject or absent, but it is {0:?}")]
    Validation(String),
    /// `validation` of a lexicon that is about nothing that is checked.
    #[error("validation is for record and procedure lexicons, but this is one of the type {0}")]
    NothingToValidate(LexiconType),
    /// `validation` of a lexicon that is not understood in full.
    #[error("nothing can be validated with a lexicon that is not understood in full: {0}")]
    NotUnderstood(String),
    /// A published lexicon does not define the NSID it is published under.
    #[error(
        "the lexicon published as {expected} defines {found} instead; its publisher must correct its `id`"
    )]
    WrongId {
        /// The NSID asked for, which is the record key.
        expected: String,
        /// The `id` in the document.
        found: String,
    },
    /// As many lexicons as one server keeps.
    #[error(
        "there are {MAX_LEXICONS} lexicons already, which is the most one server keeps; remove some first"
    )]
    TooMany,
    /// As much text as one server keeps.
    #[error("all lexicons together may have {} MiB at most; remove some first", MAX_BYTES >> 20)]
    TooLarge,
    /// The key that records are attested with could not be read or made.
    #[error("the attestation key: {0}")]
    Attestation(#[from] accounts::Error),
    /// The indexes of queries could not be read.
    #[error(transparent)]
    Find(find::Error),
    /// Scripts could not be loaded.
    #[error(transparent)]
    Scripts(#[from] scripts::Error),
    /// The scripts' own database could not be opened.
    #[error(transparent)]
    ScriptDb(#[from] scriptdb::Error),
    /// The way out for scripts could not be prepared.
    #[error("preparing the connections of scripts: {0}")]
    Outbound(#[source] outbound::Error),
    /// The host of a lexicon's publisher did not answer, or cannot be believed.
    #[error("{nsid} could not be fetched from the PDS of {authority}: {cause}")]
    Publisher {
        /// The lexicon.
        nsid: Nsid,
        /// Who may define it.
        authority: Did,
        /// What happened.
        cause: Box<remote::RemoteError>,
    },
    /// A network lexicon could not be found or fetched.
    #[error(transparent)]
    Resolve(#[from] identity::Error),
}
