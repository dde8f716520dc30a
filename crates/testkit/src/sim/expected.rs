//! What an index must hold, and how another one differs from it.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;

/// A record as it must be, by URI in maps.
#[derive(Clone, Debug, PartialEq)]
pub struct Expected {
    /// The CID of its CBOR, as text.
    pub cid: String,
    /// Its content.
    pub json: Value,
}

/// How an index differs from what it must be; each list in the order of URIs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// Must be there and are not.
    pub missing: Vec<String>,
    /// Are there and must not be.
    pub extra: Vec<String>,
    /// Are there with another content or CID.
    pub stale: Vec<String>,
}

impl Difference {
    /// Compares `actual` with what it must hold and with what it may hold besides.
    #[must_use]
    pub fn between(
        must: &BTreeMap<String, Expected>,
        may: &BTreeMap<String, Expected>,
        actual: &BTreeMap<String, Expected>,
    ) -> Self {
        let mut difference = Self::default();
        for (uri, record) in actual {
            match must.get(uri).or_else(|| may.get(uri)) {
                None => difference.extra.push(uri.clone()),
                Some(right) if right != record => difference.stale.push(uri.clone()),
                Some(_) => {}
            }
        }
        difference.missing = must.keys().filter(|uri| !actual.contains_key(*uri)).cloned().collect();
        difference
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.missing.is_empty() && self.extra.is_empty() && self.stale.is_empty()
    }

    /// Fails the test, with a report, unless there is none.
    #[track_caller]
    pub fn assert_none(&self) {
        assert!(self.is_empty(), "the index is not what it must be: {self}");
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (kind, uris) in [("missing", &self.missing), ("extra", &self.extra), ("stale", &self.stale)] {
            write!(f, "{} {kind}; ", uris.len())?;
        }
        for (kind, uris) in [("missing", &self.missing), ("extra", &self.extra), ("stale", &self.stale)] {
            for uri in uris.iter().take(5) {
                write!(f, "\n  {kind}: {uri}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn records(of: &[(&str, u32)]) -> BTreeMap<String, Expected> {
        let record = |n: u32| Expected { cid: format!("cid{n}"), json: json!({ "n": n }) };
        of.iter().map(|(uri, n)| ((*uri).to_owned(), record(*n))).collect()
    }

    #[test]
    fn names_what_is_missing_extra_and_stale() {
        let must = records(&[("a", 1), ("b", 1), ("c", 1)]);
        let may = records(&[("x", 1), ("y", 1)]);
        let actual = records(&[("b", 2), ("c", 1), ("d", 1), ("x", 1), ("y", 2)]);
        let difference = Difference::between(&must, &may, &actual);
        assert_eq!(difference.missing, ["a"]);
        assert_eq!(difference.extra, ["d"]);
        assert_eq!(difference.stale, ["b", "y"]);
        assert_eq!(
            difference.to_string(),
            "1 missing; 1 extra; 2 stale; \n  missing: a\n  extra: d\n  stale: b\n  stale: y"
        );
        assert!(Difference::between(&must, &may, &must).is_empty());
    }
}
