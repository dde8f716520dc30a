//! What the lexicons ask the record index for.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use atproto::Nsid;
use records::Interest;

use super::LoadedLexicon;
use crate::network::SCHEMA_COLLECTION;

/// Our name among those who want records.
pub(super) const OWNER: &str = "appview";

/// The collections of all record lexicons.
pub(super) fn collections(loaded: &HashMap<Nsid, Arc<LoadedLexicon>>) -> BTreeSet<Nsid> {
    loaded.iter().filter(|(_, lexicon)| lexicon.is_record()).map(|(nsid, _)| nsid.clone()).collect()
}

/// Their records are stored; published lexicons are watched always, because network lexicons may be added any time and
/// no update between then and the new subscription may be missed.
pub(super) fn of(loaded: &HashMap<Nsid, Arc<LoadedLexicon>>) -> Interest {
    Interest { index: collections(loaded), watch: BTreeSet::from([SCHEMA_COLLECTION.clone()]) }
}
