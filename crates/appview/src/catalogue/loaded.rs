//! One lexicon as requests use it.

use atproto::Nsid;
use atproto::lexicon::{Lexicon, LexiconType};
use metrics::Counter;
use tracing::error;

use crate::lexicons::StoredLexicon;
use crate::telemetry;

/// A parsed lexicon with the attributes that decide over calls.
pub(crate) struct LoadedLexicon {
    lexicon: Lexicon,
    target_collection: Option<Nsid>,
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
        Some(Self { lexicon, target_collection, calls })
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

    /// The collection that the default handler reads.
    pub(crate) fn target_collection(&self) -> Option<&Nsid> {
        self.target_collection.as_ref()
    }
}
