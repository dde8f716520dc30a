//! The comparison itself.

use std::collections::BTreeMap;
use std::fmt;

use atproto::{Cid, Nsid, RecordKey};

/// The records of one repository and the CID of each, where it is known.
pub type Versions<C = Cid> = BTreeMap<(Nsid, RecordKey), C>;

/// What is here of one repository.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Here {
    /// What readers see.
    pub records: Versions<Option<Cid>>,
    /// What an operator has taken out of the view, and which version of it; `None` stands for any.
    pub deleted: Versions<Option<Cid>>,
}

/// In which way a record differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// It is in the repository and not here.
    Missing,
    /// It is here and not in the repository.
    Extra,
    /// Another version of it is here.
    Stale,
}

impl Kind {
    /// `missing`, `extra` or `stale`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Extra => "extra",
            Self::Stale => "stale",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A record about which the index and the repository disagree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// In which way.
    pub kind: Kind,
    /// The record's collection.
    pub collection: Nsid,
    /// Its key.
    pub rkey: RecordKey,
    /// The version here, if there is one and its CID is known.
    pub here: Option<Cid>,
    /// The version in the repository, if there is one.
    pub there: Option<Cid>,
}

/// Everything that differs, by collection and key.
#[must_use]
pub fn compare(here: &Here, there: &Versions) -> Vec<Difference> {
    let difference = |kind, (collection, rkey): &(Nsid, RecordKey), here: Option<Cid>, there: Option<Cid>| {
        Difference { kind, collection: collection.clone(), rkey: rkey.clone(), here, there }
    };
    let of_there = there.iter().filter_map(|(key, there)| match here.records.get(key) {
        None if here.has_deleted(key, there) => None,
        None => Some(difference(Kind::Missing, key, None, Some(*there))),
        Some(Some(here)) if here != there => Some(difference(Kind::Stale, key, Some(*here), Some(*there))),
        Some(_) => None,
    });
    let extra = here.records.iter().filter(|(key, _)| !there.contains_key(*key));
    let mut differences: Vec<Difference> =
        of_there.chain(extra.map(|(key, here)| difference(Kind::Extra, key, *here, None))).collect();
    differences.sort_by(|a, b| (&a.collection, &a.rkey).cmp(&(&b.collection, &b.rkey)));
    differences
}

/// What differed the first time and the second time in the same way.
#[must_use]
pub fn persisting(first: Vec<Difference>, second: &[Difference]) -> Vec<Difference> {
    first.into_iter().filter(|difference| second.contains(difference)).collect()
}

impl Here {
    /// Whether this version was deleted here. An operator's decision holds for the version it was made about.
    fn has_deleted(&self, key: &(Nsid, RecordKey), version: &Cid) -> bool {
        self.deleted.get(key).is_some_and(|decided| decided.is_none_or(|decided| decided == *version))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(rkey: &str) -> (Nsid, RecordKey) {
        (Nsid::parse("com.example.note").unwrap(), RecordKey::parse(rkey).unwrap())
    }

    fn cid(content: u8) -> Cid {
        Cid::dag_cbor_sha256(&[content])
    }

    fn there(records: &[(&str, u8)]) -> Versions {
        records.iter().map(|(rkey, content)| (key(rkey), cid(*content))).collect()
    }

    fn here(records: &[(&str, Option<u8>)], deleted: &[(&str, Option<u8>)]) -> Here {
        let versions = |records: &[(&str, Option<u8>)]| {
            records.iter().map(|(rkey, content)| (key(rkey), content.map(cid))).collect()
        };
        Here { records: versions(records), deleted: versions(deleted) }
    }

    fn told(differences: &[Difference]) -> Vec<String> {
        differences.iter().map(|difference| format!("{} {}", difference.kind, difference.rkey)).collect()
    }

    #[test]
    fn what_is_equal_is_not_told() {
        assert!(compare(&Here::default(), &Versions::new()).is_empty());
        assert!(
            compare(&here(&[("a", Some(1)), ("b", Some(2))], &[]), &there(&[("a", 1), ("b", 2)])).is_empty()
        );
        // A version whose CID is not known here is not called another one.
        assert!(compare(&here(&[("a", None)], &[]), &there(&[("a", 1)])).is_empty());
    }

    #[test]
    fn each_way_to_differ_has_its_name() {
        let found = compare(
            &here(&[("b", Some(1)), ("c", Some(1)), ("d", Some(4))], &[]),
            &there(&[("a", 1), ("c", 3), ("d", 4)]),
        );
        assert_eq!(told(&found), ["missing a", "extra b", "stale c"]);
        assert_eq!((found[2].here, found[2].there), (Some(cid(1)), Some(cid(3))));
        assert_eq!((found[0].here, found[1].there), (None, None));
    }

    #[test]
    fn what_was_deleted_here_is_not_missing_but_a_later_version_is() {
        let there = there(&[("a", 1), ("b", 2), ("c", 3)]);
        let found = compare(&here(&[], &[("a", Some(1)), ("b", Some(1)), ("c", None)]), &there);
        assert_eq!(told(&found), ["missing b"]);
    }

    #[test]
    fn only_what_stays_as_it_was_counts() {
        let first = compare(&here(&[("b", Some(1))], &[]), &there(&[("a", 1), ("c", 1)]));
        assert_eq!(told(&first), ["missing a", "extra b", "missing c"]);
        // `a` has arrived, `b` differs as before, `c` is another version now.
        let second = compare(&here(&[("a", Some(1)), ("b", Some(1))], &[]), &there(&[("a", 1), ("c", 2)]));
        assert_eq!(told(&persisting(first, &second)), ["extra b"]);
    }
}
