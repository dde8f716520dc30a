//! One lexicon as requests use it.

use atproto::Nsid;
use atproto::lexicon::{Lexicon, LexiconType};
use metrics::Counter;
use readthrough::Policy;
use tracing::error;

use crate::lexicons::StoredLexicon;
use crate::telemetry;
use crate::{Action, Validation};

/// A parsed lexicon with the attributes that decide over calls.
pub(crate) struct LoadedLexicon {
    lexicon: Lexicon,
    target_collection: Option<Nsid>,
    action: Option<Action>,
    token_cost: Option<u32>,
    read_through: Option<Policy>,
    validation: Validation,
    backfill: bool,
    /// Calls of it. Registered when it is loaded, so that the number of label values is that of the lexicons.
    pub(crate) calls: Counter,
}

impl LoadedLexicon {
    /// Parses what was accepted when it was stored. A document that this version no longer accepts is left out of the
    /// catalogue and reported; it stays in the table.
    pub(crate) fn from_stored(stored: &StoredLexicon) -> Option<Self> {
        let lexicon = match Lexicon::parse(&stored.json) {
            Ok(lexicon) => lexicon,
            Err(error) => {
                error!(id = stored.id, %error, "stored lexicon cannot be used; replace or remove it");
                metrics::counter!(telemetry::UNUSABLE).increment(1);
                return None;
            }
        };
        let target_collection = stored.target_collection.as_deref().and_then(|nsid| Nsid::parse(nsid).ok());
        let calls = match lexicon.kind() {
            LexiconType::Query | LexiconType::Procedure => {
                metrics::counter!(telemetry::CALLS, "nsid" => stored.id.clone())
            }
            _ => Counter::noop(),
        };
        // Stored from a u32.
        let token_cost = stored.token_cost.and_then(|cost| u32::try_from(cost).ok());
        Some(Self {
            lexicon,
            target_collection,
            action: stored.action,
            token_cost,
            read_through: stored.read_through,
            validation: stored.validation,
            backfill: stored.backfill,
            calls,
        })
    }

    pub(crate) fn id(&self) -> &Nsid {
        self.lexicon.id()
    }

    pub(crate) fn lexicon(&self) -> &Lexicon {
        &self.lexicon
    }

    pub(crate) fn kind(&self) -> LexiconType {
        self.lexicon.kind()
    }

    pub(crate) fn is_record(&self) -> bool {
        self.kind() == LexiconType::Record
    }

    /// What a call of it costs, unless that is the default.
    pub(crate) fn token_cost(&self) -> Option<u32> {
        self.token_cost
    }

    /// What of the collection may be asked for when it is not here, unless the server's setting decides.
    pub(crate) fn read_through(&self) -> Option<Policy> {
        self.read_through
    }

    /// How strictly it is taken.
    pub(crate) fn validation(&self) -> Validation {
        self.validation
    }

    /// Whether a record collection's history is wanted.
    pub(crate) fn backfill(&self) -> bool {
        self.backfill
    }

    /// What the default handler of a procedure does, unless that is left to the call.
    pub(crate) fn action(&self) -> Option<Action> {
        self.action
    }

    /// The collection that the default handler reads or writes.
    pub(crate) fn target_collection(&self) -> Option<&Nsid> {
        self.target_collection.as_ref()
    }
}
