//! What a subscriber wants.

use std::collections::BTreeSet;

use atproto::{Did, Nsid};

use super::event::Event;
use crate::sim::query::Query;

/// Collections a subscriber can name.
const MAX_COLLECTIONS: usize = 100;

/// The parameters of a subscription.
pub(super) struct Filter {
    collections: BTreeSet<String>,
    /// With the dot.
    prefixes: BTreeSet<String>,
    dids: BTreeSet<String>,
    /// As it was sent; `None`: live.
    pub(super) cursor: Option<i64>,
}

impl Filter {
    /// An error is the text of the refusal. Compression is not offered: what was asked to be compressed comes as text, which
    /// a client tells apart by the kind of frame.
    pub(super) fn parse(query: &Query) -> Result<Self, String> {
        let (mut collections, mut prefixes) = (BTreeSet::new(), BTreeSet::new());
        for wanted in query.all("wantedCollections").filter(|wanted| !wanted.is_empty()) {
            match wanted.strip_suffix('*').filter(|prefix| prefix.ends_with('.')) {
                Some(prefix) => prefixes.insert(prefix.to_owned()),
                None if Nsid::parse(wanted).is_ok() => collections.insert(wanted.to_owned()),
                None => return Err(format!("invalid collection: {wanted}")),
            };
        }
        if collections.len() + prefixes.len() > MAX_COLLECTIONS {
            return Err("too many wanted collections".to_owned());
        }
        let mut dids = BTreeSet::new();
        for did in query.all("wantedDids").filter(|did| !did.is_empty()) {
            Did::parse(did).map_err(|_| format!("invalid DID: {did}"))?;
            dids.insert(did.to_owned());
        }
        let cursor = match query.get("cursor").map(str::parse) {
            None => None,
            Some(Ok(cursor)) => Some(cursor),
            Some(Err(_)) => return Err("invalid cursor".to_owned()),
        };
        Ok(Self { collections, prefixes, dids, cursor })
    }

    pub(super) fn wants(&self, event: &Event) -> bool {
        if !self.dids.is_empty() && !self.dids.contains(&event.did) {
            return false;
        }
        let Some(collection) = &event.collection else { return true };
        (self.collections.is_empty() && self.prefixes.is_empty())
            || self.collections.contains(collection.as_str())
            || self.prefixes.iter().any(|prefix| collection.as_str().starts_with(prefix.as_str()))
    }
}
