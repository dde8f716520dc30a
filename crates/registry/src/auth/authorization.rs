//! The header `Authorization`, as far as registries know it.

use std::fmt;

use data_encoding::{BASE64, BASE64_NOPAD};
use http::HeaderMap;
use http::header::AUTHORIZATION;

/// Longest header that is read; a token may be most of it.
const MAX_BYTES: usize = 33 << 10;

/// Longest name or secret.
const MAX_PART: usize = 2048;

/// What a request shows.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Authorization<'h> {
    /// Nothing.
    Nothing,
    /// A token, perhaps.
    Bearer(&'h str),
    /// A name and a secret.
    Basic(Basic),
    /// What nobody here understands; never the same as nothing.
    Unknown,
}

/// A name and a secret (RFC 7617).
#[derive(PartialEq, Eq)]
pub(super) struct Basic {
    pub(super) name: String,
    pub(super) secret: String,
}

impl<'h> Authorization<'h> {
    pub(super) fn of(headers: &'h HeaderMap) -> Self {
        let mut values = headers.get_all(AUTHORIZATION).iter();
        match (values.next(), values.next()) {
            (None, _) => Self::Nothing,
            (Some(value), None) => value.to_str().map_or(Self::Unknown, Self::read),
            (Some(_), Some(_)) => Self::Unknown,
        }
    }

    fn read(value: &'h str) -> Self {
        let Some((scheme, credentials)) = value.split_once(' ') else { return Self::Unknown };
        let credentials = credentials.trim_matches(' ');
        if value.len() > MAX_BYTES || credentials.is_empty() {
            return Self::Unknown;
        }
        if scheme.eq_ignore_ascii_case("bearer") {
            return Self::Bearer(credentials);
        }
        if scheme.eq_ignore_ascii_case("basic") {
            return Basic::decode(credentials).map_or(Self::Unknown, Self::Basic);
        }
        Self::Unknown
    }
}

impl Basic {
    fn decode(credentials: &str) -> Option<Self> {
        let bare = credentials.trim_end_matches('=');
        let encoding = if bare.len() == credentials.len() { BASE64_NOPAD } else { BASE64 };
        let text = String::from_utf8(encoding.decode(credentials.as_bytes()).ok()?).ok()?;
        let (name, secret) = split(&text)?;
        Self::new(name, secret)
    }

    /// Nothing if no name or secret is like this.
    pub(super) fn new(name: &str, secret: &str) -> Option<Self> {
        let is_plain = |part: &str| part.len() <= MAX_PART && !part.chars().any(char::is_control);
        (is_plain(name) && is_plain(secret))
            .then(|| Self { name: name.to_owned(), secret: secret.to_owned() })
    }

    /// Whether it says nothing: clients whose user has typed nothing send that.
    pub(super) fn is_empty(&self) -> bool {
        self.name.is_empty() && self.secret.is_empty()
    }
}

/// At the first colon (RFC 7617, section 2), except that a DID has two of its own: no account is called `did`.
fn split(text: &str) -> Option<(&str, &str)> {
    if !text.starts_with("did:") {
        return text.split_once(':');
    }
    let (at, _) = text.match_indices(':').nth(2)?;
    Some((&text[..at], &text[at + 1..]))
}

impl fmt::Debug for Basic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Basic").field("name", &self.name).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn headers(values: &[&str]) -> HeaderMap {
        let pairs =
            values.iter().map(|value| (AUTHORIZATION, HeaderValue::from_bytes(value.as_bytes()).unwrap()));
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(name, value);
        }
        headers
    }

    fn basic(name: &str, secret: &str) -> Authorization<'static> {
        Authorization::Basic(Basic { name: name.into(), secret: secret.into() })
    }

    #[test]
    fn is_one_of_two_schemes() {
        for (values, expected) in [
            (&[][..], Authorization::Nothing),
            (&["Bearer abc.d"], Authorization::Bearer("abc.d")),
            (&["bEARER  abc "], Authorization::Bearer("abc")),
            // echo -n a:b:c | base64
            (&["Basic YTpiOmM="], basic("a", "b:c")),
            (&["basic YTpiOmM"], basic("a", "b:c")),
            (&["Basic Og=="], basic("", "")),
            // echo -n did:plc:a:b:c | base64
            (&["Basic ZGlkOnBsYzphOmI6Yw=="], basic("did:plc:a", "b:c")),
        ] {
            assert_eq!(Authorization::of(&headers(values)), expected, "{values:?}");
        }
    }

    #[test]
    fn what_is_not_understood_is_not_nothing() {
        let long = format!("Bearer {}", "a".repeat(MAX_BYTES));
        for values in [
            &[""][..],
            &["Bearer"],
            &["Bearer "],
            &["Basic"],
            &["Basic !!"],
            &["Basic YQ=="],
            &["Basic YTpiCg=="],
            &["Basic YTr/"],
            &["Negotiate YTpi"],
            &["DPoP abc"],
            &["Bearer \u{e4}"],
            &["Bearer a", "Bearer a"],
            &[&long],
        ] {
            assert_eq!(Authorization::of(&headers(values)), Authorization::Unknown, "{values:?}");
        }
    }
}
