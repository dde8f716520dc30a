//! Comparing records with the lexicons in memory.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use atproto::lexicon::{Compiled, Data, Definitions, Invalid, Verdict};
use atproto::{Cid, Nsid};
use serde_json::{Map, Value};

use super::{Catalogue, LoadedLexicon};
use crate::Validation;

/// All lexicons at one moment.
pub(crate) struct Known(Arc<HashMap<Nsid, Arc<LoadedLexicon>>>);

impl Definitions for Known {
    fn lexicon(&self, nsid: &str) -> Option<&Compiled> {
        self.0.get(nsid).map(|loaded| &**loaded.lexicon().compiled())
    }
}

impl Known {
    /// What is to be said of a record of a collection, by its lexicon; `None` if there is none.
    pub(crate) fn record(
        &self,
        collection: &str,
        key: Option<&str>,
        json: &str,
    ) -> Option<Result<Verdict, Invalid>> {
        let lexicon = self.0.get(collection).filter(|lexicon| lexicon.is_record())?;
        let checked = match Data::parse(json) {
            Ok(data) => lexicon.lexicon().compiled().check_record(self, key, &data),
            Err(problem) => Err(Invalid { path: "/".to_owned(), problem }),
        };
        Some(checked)
    }

    /// The lexicon of a collection and all that it refers to, however far away, as one short text: another text, another
    /// meaning.
    fn fingerprint(&self, nsid: &Nsid) -> String {
        let mut found: BTreeMap<String, Option<Cid>> = BTreeMap::new();
        let mut open = vec![nsid.to_string()];
        while let Some(next) = open.pop() {
            if found.contains_key(&next) {
                continue;
            }
            let lexicon = self.0.get(next.as_str()).map(|loaded| loaded.lexicon());
            if let Some(lexicon) = lexicon {
                open.extend(lexicon.compiled().references().into_iter().map(str::to_owned));
            }
            let cid = lexicon.map(|lexicon| Cid::raw_sha256(lexicon.document().to_string().as_bytes()));
            found.insert(next, cid);
        }
        let texts: Vec<String> = found
            .into_iter()
            .map(|(nsid, cid)| format!("{nsid} {}\n", cid.map(|cid| cid.to_string()).unwrap_or_default()))
            .collect();
        Cid::raw_sha256(texts.concat().as_bytes()).to_string()
    }
}

/// What is to be compared with a lexicon, and what that says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Validated {
    pub(crate) validation: Validation,
    pub(crate) fingerprint: String,
    /// Whether the history of the collection is wanted.
    pub(crate) backfill: bool,
}

impl Catalogue {
    /// All lexicons as they are now.
    pub(crate) fn known(&self) -> Known {
        Known(self.shared.loaded.load_full())
    }

    /// Why a record that is about to be written would not be indexed; `None` if it would. Where nobody has chosen a key yet, the
    /// record alone is looked at.
    pub(crate) fn refusal(
        &self,
        collection: &Nsid,
        rkey: Option<&str>,
        record: &Map<String, Value>,
    ) -> Option<Invalid> {
        if self.validation(collection.as_str()) != Validation::Reject {
            return None;
        }
        let json = serde_json::to_string(record).ok()?;
        self.known().record(collection.as_str(), rkey, &json)?.err()
    }

    /// How strictly the lexicon of a collection is taken.
    pub(crate) fn validation(&self, collection: &str) -> Validation {
        let loaded = self.shared.loaded.load();
        let lexicon = loaded.get(collection).filter(|lexicon| lexicon.is_record());
        lexicon.map_or(Validation::Off, |lexicon| lexicon.validation())
    }

    /// The collections whose records are compared with their lexicons. Reads every document that matters.
    pub(crate) fn validated(&self) -> BTreeMap<Nsid, Validated> {
        let known = self.known();
        let strict = known
            .0
            .iter()
            .filter(|(_, lexicon)| lexicon.is_record() && lexicon.validation() != Validation::Off);
        strict
            .map(|(nsid, lexicon)| {
                let (validation, fingerprint) = (lexicon.validation(), known.fingerprint(nsid));
                (nsid.clone(), Validated { validation, fingerprint, backfill: lexicon.backfill() })
            })
            .collect()
    }
}
