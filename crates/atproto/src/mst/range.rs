//! Which keys a walk is about.

use std::cmp::Ordering;

/// The keys below a prefix, from a place on.
#[derive(Debug, Clone)]
pub(super) struct Range {
    prefix: String,
    /// Keys up to this one are left out.
    after: Option<String>,
}

impl Range {
    pub(super) fn new(prefix: &str, after: Option<&str>) -> Self {
        Self { prefix: prefix.to_owned(), after: after.map(Into::into) }
    }

    /// Whether `key` comes before the range, lies in it, or comes behind it.
    pub(super) fn place(&self, key: &str) -> Ordering {
        if self.is_behind(key) {
            Ordering::Greater
        } else if key < self.prefix.as_str() || self.after.as_deref().is_some_and(|after| key <= after) {
            Ordering::Less
        } else {
            Ordering::Equal
        }
    }

    /// Whether a key between these two, both left out, could lie in the range.
    pub(super) fn may_lie_between(&self, lower: Option<&str>, upper: Option<&str>) -> bool {
        let reaches_it = upper.is_none_or(|upper| {
            upper > self.prefix.as_str() && self.after.as_deref().is_none_or(|after| upper > after)
        });
        reaches_it && !lower.is_some_and(|lower| self.is_behind(lower)) && !self.is_empty()
    }

    /// Whether the place to go on from is already behind every key of the prefix.
    fn is_empty(&self) -> bool {
        self.after.as_deref().is_some_and(|after| self.is_behind(after))
    }

    fn is_behind(&self, key: &str) -> bool {
        key > self.prefix.as_str() && !key.starts_with(&self.prefix)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_before_in_or_behind() {
        let range = Range::new("b/", Some("b/3"));
        for (key, place) in [
            ("a/9", Ordering::Less),
            ("b/3", Ordering::Less),
            ("b/30", Ordering::Equal),
            ("b/4", Ordering::Equal),
            ("b0", Ordering::Greater),
            ("c/1", Ordering::Greater),
        ] {
            assert_eq!(range.place(key), place, "{key}");
        }
        assert_eq!(Range::new("", None).place("anything"), Ordering::Equal);
    }

    #[test]
    fn asks_for_no_subtree_beside_the_range() {
        let range = Range::new("b/", None);
        assert!(range.may_lie_between(None, None));
        assert!(range.may_lie_between(Some("a/1"), Some("c/1")));
        assert!(range.may_lie_between(Some("b/1"), Some("b/2")));
        assert!(!range.may_lie_between(None, Some("a/1")));
        assert!(!range.may_lie_between(Some("b0/1"), None));
        let later = Range::new("b/", Some("b/3"));
        assert!(!later.may_lie_between(Some("b/1"), Some("b/3")));
        assert!(later.may_lie_between(Some("b/1"), Some("b/4")));
        assert!(!Range::new("b/", Some("c/1")).may_lie_between(None, None));
    }
}
