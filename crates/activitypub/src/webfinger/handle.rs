//! `@alice@example.com`

use std::fmt;

use crate::excerpt::excerpt;
use crate::host;

/// The name of somebody on a server. Two are equal if they mean the same: case makes no difference.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Handle {
    user: String,
    host: String,
}

/// What is no [`Handle`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a handle looks like @alice@example.com, this does not: {0}")]
pub struct HandleError(String);

impl Handle {
    /// The longest name of a user, in bytes.
    pub const MAX_USER: usize = 255;

    /// Reads `@user@host`, `user@host` or `acct:user@host`, each with a port if the server is not at its usual one.
    pub fn parse(text: &str) -> Result<Self, HandleError> {
        let refused = || HandleError(excerpt(text));
        let account = match text.split_at_checked(5) {
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("acct:") => rest,
            _ => text,
        };
        let account = account.strip_prefix('@').unwrap_or(account);
        let (user, host) = account.rsplit_once('@').ok_or_else(refused)?;
        Self::new(user, host).ok_or_else(refused)
    }

    /// Puts one together; `None` if a part is not as it may be.
    #[must_use]
    pub fn new(user: &str, host: &str) -> Option<Self> {
        let plain = |c: char| c.is_alphanumeric() || "_-.~!$&'*+".contains(c);
        let fine = (1..=Self::MAX_USER).contains(&user.len()) && user.chars().all(plain);
        let host = host::normalized(host).filter(|_| fine)?;
        Some(Self { user: user.to_lowercase(), host })
    }

    /// Who, in lower case.
    #[must_use]
    pub fn user(&self) -> &str {
        &self.user
    }

    /// Where: lower case, in ASCII, with its port if it is an unusual one.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// As `WebFinger` asks for it: `acct:alice@example.com`.
    #[must_use]
    pub fn account(&self) -> String {
        format!("acct:{}@{}", self.user, self.host)
    }

    /// The address to ask, on the server that is called with `scheme`.
    #[must_use]
    pub fn query(&self, scheme: &str) -> String {
        let resource: String = url::form_urlencoded::byte_serialize(self.account().as_bytes()).collect();
        format!("{scheme}://{}{}?resource={resource}", self.host, super::PATH)
    }
}

impl fmt::Display for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "@{}@{}", self.user, self.host)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_read_in_each_form() {
        let handle = Handle::new("alice", "example.com:8080").unwrap();
        for text in [
            "@alice@example.com:8080",
            "Alice@EXAMPLE.com:8080",
            "acct:alice@example.com:8080",
            "ACCT:@alice@example.com:8080",
        ] {
            assert_eq!(Handle::parse(text).as_ref(), Ok(&handle), "{text}");
        }
        assert_eq!(
            handle.query("http"),
            "http://example.com:8080/.well-known/webfinger?resource=acct%3Aalice%40example.com%3A8080"
        );
        assert_eq!(handle.to_string(), "@alice@example.com:8080");
        for bad in [
            "",
            "@",
            "alice",
            "@alice",
            "alice@",
            "@@example.com",
            "a b@example.com",
            "a/b@example.com",
            "a@b@c.example",
            "a@exa mple",
            "acct:",
        ] {
            assert!(Handle::parse(bad).is_err(), "{bad}");
        }
    }
}
