//! Bodies of lists (spec/registry.md §1.2, §1.7). An empty list is one; none is ever `null`.

use serde_json::json;

use crate::RepositoryName;

/// The tags of a repository, in the order of bytes.
#[must_use]
pub fn tags<'t>(name: &RepositoryName, tags: impl IntoIterator<Item = &'t str>) -> String {
    json!({ "name": name, "tags": tags.into_iter().collect::<Vec<_>>() }).to_string()
}

/// The names of repositories, in the order of bytes.
#[must_use]
pub fn catalog<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    json!({ "repositories": names.into_iter().collect::<Vec<_>>() }).to_string()
}

/// What there is beyond the protocol: nothing.
#[must_use]
pub fn extensions() -> String {
    json!({ "extensions": [] }).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_is_not_null() {
        let name = RepositoryName::parse("a.test/app").unwrap();
        assert_eq!(tags(&name, []), r#"{"name":"a.test/app","tags":[]}"#);
        assert_eq!(tags(&name, ["a", "b"]), r#"{"name":"a.test/app","tags":["a","b"]}"#);
        assert_eq!(catalog([]), r#"{"repositories":[]}"#);
        assert_eq!(catalog(["a/b"]), r#"{"repositories":["a/b"]}"#);
        assert_eq!(extensions(), r#"{"extensions":[]}"#);
    }
}
