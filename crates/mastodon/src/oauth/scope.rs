//! What a token may be used for.

use std::fmt;

/// Every scope there is (docs/mastodon-api.md). `admin:` is not among them: who runs the server has its own tools.
const ALL: [&str; 29] = [
    "profile",
    "read",
    "read:accounts",
    "read:blocks",
    "read:bookmarks",
    "read:favourites",
    "read:filters",
    "read:follows",
    "read:lists",
    "read:mutes",
    "read:notifications",
    "read:search",
    "read:statuses",
    "write",
    "write:accounts",
    "write:blocks",
    "write:bookmarks",
    "write:conversations",
    "write:favourites",
    "write:filters",
    "write:follows",
    "write:lists",
    "write:media",
    "write:mutes",
    "write:notifications",
    "write:reports",
    "write:statuses",
    "follow",
    "push",
];

/// What `follow` stands for, as older clients ask for it.
const FOLLOW: [&str; 6] =
    ["read:blocks", "write:blocks", "read:follows", "write:follows", "read:mutes", "write:mutes"];

/// Scopes that a client has or asks for, each once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Scopes(Vec<&'static str>);

impl Scopes {
    /// What a client that asks for nothing gets.
    pub(crate) fn standard() -> Self {
        Self(vec!["read"])
    }

    /// Scopes with spaces between them; nothing if one of them is none. Without any, [the standard](Self::standard).
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut scopes = Vec::new();
        for name in text.split([' ', '+']).filter(|name| !name.is_empty()) {
            let scope = *ALL.iter().find(|scope| **scope == name)?;
            if !scopes.contains(&scope) {
                scopes.push(scope);
            }
        }
        Some(if scopes.is_empty() { Self::standard() } else { Self(scopes) })
    }

    /// Whether they allow what `scope` allows.
    pub(crate) fn cover(&self, scope: &str) -> bool {
        let wide = scope.split_once(':').map(|(wide, _)| wide);
        self.0
            .iter()
            .any(|has| *has == scope || Some(*has) == wide || (*has == "follow" && FOLLOW.contains(&scope)))
    }

    /// Whether they allow all that the others do.
    pub(crate) fn cover_all(&self, others: &Self) -> bool {
        others.0.iter().all(|scope| self.cover(scope))
    }

    /// One by one.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &'static str> {
        self.0.iter().copied()
    }
}

/// With spaces between them, as they are stored and sent.
impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(" "))
    }
}

/// All of them, to be told to clients.
pub(crate) fn all() -> &'static [&'static str] {
    &ALL
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wide_cover_the_narrow_and_nothing_else() {
        let scopes = |text| Scopes::parse(text).unwrap();
        assert!(scopes("read").cover("read:statuses") && !scopes("read").cover("write:statuses"));
        assert!(scopes("read:statuses").cover("read:statuses") && !scopes("read:statuses").cover("read"));
        assert!(!scopes("read:statuses").cover("read:accounts"));
        assert!(scopes("follow").cover("write:blocks") && !scopes("follow").cover("write:statuses"));
        assert!(!scopes("push").cover("read") && !scopes("write").cover("read:accounts"));
        assert!(scopes("read write").cover_all(&scopes("read:lists write:media")));
        assert!(!scopes("read").cover_all(&scopes("read write")));
    }

    #[test]
    fn are_read_and_written() {
        assert_eq!(Scopes::parse("read  write read").unwrap().to_string(), "read write");
        assert_eq!(Scopes::parse(""), Some(Scopes::standard()));
        assert_eq!(Scopes::parse("read admin:read"), None);
    }
}
