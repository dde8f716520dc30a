//! The path in front of all others.

use http::{Uri, uri::PathAndQuery};

use crate::{Error, front::covers, health};

/// A path such as `/hv` that the server's routes live under; empty, and then they live at the root.
#[derive(Debug, Default)]
pub(crate) struct BasePath(String);

impl BasePath {
    /// Fails unless the text is empty or a plain path that neither ends with a slash nor hides the probes.
    pub(crate) fn parse(text: &str) -> Result<Self, Error> {
        let invalid = |reason| Err(Error::InvalidBasePath { base_path: text.to_owned(), reason });
        if text.is_empty() {
            return Ok(Self::default());
        }
        let Some(segments) = text.strip_prefix('/') else {
            return invalid("it must start with `/`");
        };
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
        let is_segment = |segment: &str| !matches!(segment, "" | "." | "..") && segment.bytes().all(is_plain);
        if !segments.split('/').all(is_segment) {
            return invalid("each segment must be of letters, digits and `-_.~`, with no slash at the end");
        }
        if health::PREFIXES.iter().any(|probe| covers(probe, text)) {
            return invalid("the probes of the server are there");
        }
        Ok(Self(text.to_owned()))
    }

    /// What of `path` comes after the base path; nothing if it is not below it.
    pub(crate) fn inside<'a>(&self, path: &'a str) -> Option<&'a str> {
        match path.strip_prefix(self.0.as_str())? {
            "" if !self.0.is_empty() => Some("/"),
            inside if self.0.is_empty() || inside.starts_with('/') => Some(inside),
            _ => None,
        }
    }

    /// Takes the base path off a URI that is below it; leaves any other as it is.
    pub(crate) fn strip(&self, uri: &mut Uri) {
        if self.0.is_empty() || self.inside(uri.path()).is_none() {
            return;
        }
        let rest = uri.path_and_query().and_then(|target| target.as_str().strip_prefix(self.0.as_str()));
        let rest = rest.map(|rest| if rest.starts_with('/') { rest.to_owned() } else { format!("/{rest}") });
        let Some(Ok(rest)) = rest.map(PathAndQuery::try_from) else { return };
        let mut parts = uri.clone().into_parts();
        parts.path_and_query = Some(rest);
        if let Ok(stripped) = Uri::from_parts(parts) {
            *uri = stripped;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strip(base: &str, uri: &str) -> Option<String> {
        let base = BasePath::parse(base).unwrap();
        let arrived: Uri = uri.parse().unwrap();
        let mut stripped = arrived.clone();
        base.strip(&mut stripped);
        let Some(inside) = base.inside(arrived.path()) else {
            assert_eq!(stripped, arrived, "left as it is");
            return None;
        };
        assert_eq!(stripped.path(), inside);
        Some(stripped.to_string())
    }

    #[test]
    fn only_what_is_below_is_inside() {
        for (uri, inside) in [
            ("/hv", Some("/")),
            ("/hv?a=/hv", Some("/?a=/hv")),
            ("/hv/", Some("/")),
            ("/hv/xrpc/a.b.c?x=%2F", Some("/xrpc/a.b.c?x=%2F")),
            ("/hv/hv/x", Some("/hv/x")),
            ("/hv//x", Some("//x")),
            ("http://a.test/hv/x", Some("http://a.test/x")),
            ("/hvx", None),
            ("/HV/x", None),
            ("/%68v/x", None),
            ("//hv/x", None),
            ("/x/hv", None),
            ("/", None),
        ] {
            assert_eq!(strip("/hv", uri).as_deref(), inside, "{uri}");
        }
        assert_eq!(strip("/a/b", "/a/b/c").as_deref(), Some("/c"));
        assert_eq!(strip("", "/a?b").as_deref(), Some("/a?b"));
    }

    #[test]
    fn a_base_path_is_plain() {
        for bad in ["hv", "/", "/hv/", "//hv", "/a//b", "/a/../b", "/.", "/a?b", "/a#b", "/%20", "/ä", "/{a}"]
        {
            assert!(matches!(BasePath::parse(bad), Err(Error::InvalidBasePath { .. })), "{bad}");
        }
        for bad in ["/health", "/health/x", "/ready"] {
            assert!(matches!(BasePath::parse(bad), Err(Error::InvalidBasePath { .. })), "{bad}");
        }
        assert!(BasePath::parse("/healthy").is_ok());
    }
}
