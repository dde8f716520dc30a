//! A pattern of methods: one NSID, or all below a prefix.

use std::{fmt, str::FromStr};

use atproto::Nsid;
use serde::{Deserialize, Serialize};

use crate::Error;

/// An NSID of at least three segments, or at least two segments and `.*`, e.g. `app.bsky.*`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct ProxyPattern(String);

impl ProxyPattern {
    /// Whether the method is meant. As in NSIDs, case matters in the name and not in the domain before it.
    pub(super) fn covers(&self, nsid: &Nsid) -> bool {
        let nsid = nsid.as_str();
        if let Some(prefix) = self.0.strip_suffix(".*") {
            let below = nsid.get(prefix.len()..).is_some_and(|rest| rest.starts_with('.'));
            return below && nsid[..prefix.len()].eq_ignore_ascii_case(prefix);
        }
        let (Some((domain, name)), Some((its_domain, its_name))) =
            (self.0.rsplit_once('.'), nsid.rsplit_once('.'))
        else {
            return false;
        };
        name == its_name && domain.eq_ignore_ascii_case(its_domain)
    }
}

impl FromStr for ProxyPattern {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let (segments, least) = match text.strip_suffix(".*") {
            Some(prefix) => (prefix, 2),
            None => (text, 3),
        };
        let plain = |segment: &str| {
            !segment.is_empty() && segment.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        };
        if text.len() > Nsid::MAX_BYTES
            || segments.split('.').count() < least
            || !segments.split('.').all(plain)
        {
            return Err(Error::ProxyPattern(format!(
                "`{}` is no pattern of methods: write an NSID such as com.example.getThing, or com.example.*",
                &text[..text.floor_char_boundary(Nsid::MAX_BYTES)]
            )));
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for ProxyPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<ProxyPattern> for String {
    fn from(pattern: ProxyPattern) -> Self {
        pattern.0
    }
}

impl TryFrom<String> for ProxyPattern {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covers(pattern: &str, nsid: &str) -> bool {
        pattern.parse::<ProxyPattern>().unwrap().covers(&Nsid::parse(nsid).unwrap())
    }

    #[test]
    fn a_prefix_ends_at_a_dot() {
        assert!(covers("app.bsky.*", "app.bsky.feed.getTimeline"));
        assert!(covers("app.bsky.feed.*", "app.bsky.feed.getTimeline"));
        assert!(covers("App.BSKY.*", "app.bsky.getThing"));
        for (pattern, nsid) in [
            ("app.bsky.*", "app.bskyfake.getThing"),
            ("app.bsky.feed.*", "app.bsky.feed"),
            ("app.bsky.feed.getTimeline.*", "app.bsky.feed.getTimeline"),
        ] {
            assert!(!covers(pattern, nsid), "{pattern} {nsid}");
        }
    }

    #[test]
    fn an_nsid_is_itself_only() {
        assert!(covers("com.example.getFoo", "com.example.getFoo"));
        assert!(covers("COM.Example.getFoo", "com.example.getFoo"));
        for nsid in
            ["com.example.getfoo", "com.example.getFoo.bar", "net.example.getFoo", "com.example.getFooBar"]
        {
            assert!(!covers("com.example.getFoo", nsid), "{nsid}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        let long = format!("com.example.{}", "a".repeat(Nsid::MAX_BYTES));
        for bad in [
            "",
            "*",
            ".*",
            "com.*",
            "com",
            "com.example",
            "com..example",
            ".com.example",
            "com.example.",
            "com.*.get",
            "com.example.get*",
            "com.exam ple.get",
            "com.example.gét",
            "com.example.*.*",
            "com.example_.get",
            &long,
        ] {
            assert!(bad.parse::<ProxyPattern>().is_err(), "{bad}");
        }
    }
}
