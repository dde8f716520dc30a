//! How a server asks for credentials.

/// Longest part of a header that is looked at.
const MAX_BYTES: usize = 4 << 10;

/// The `DPoP` challenge of a `WWW-Authenticate` header (RFC 9449, section 7.1).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Challenge {
    /// Why the request was refused: `use_dpop_nonce`, `invalid_token`, …; absent if it had no credentials.
    pub error: Option<String>,
}

impl Challenge {
    /// Finds the challenge among those of one header value; other schemes may stand around it.
    #[must_use]
    pub fn parse(header: &str) -> Option<Self> {
        let mut rest = &header[..header.floor_char_boundary(MAX_BYTES)];
        let mut challenge: Option<Self> = None;
        let mut in_dpop = false;
        while let Some((item, tail)) = item(rest) {
            rest = tail;
            match item {
                Item::Scheme(scheme) => {
                    in_dpop = scheme.eq_ignore_ascii_case("DPoP");
                    if in_dpop {
                        challenge.get_or_insert_default();
                    }
                }
                Item::Parameter(name, value) if in_dpop && name.eq_ignore_ascii_case("error") => {
                    challenge.get_or_insert_default().error.get_or_insert(value);
                }
                Item::Parameter(..) => {}
            }
        }
        challenge
    }

    /// Whether the same request is welcome with the nonce of the answer.
    #[must_use]
    pub fn wants_nonce(&self) -> bool {
        self.error.as_deref() == Some(super::ErrorAnswer::USE_DPOP_NONCE)
    }
}

enum Item<'h> {
    Scheme(&'h str),
    Parameter(&'h str, String),
}

/// The next scheme or parameter, and what follows it. `None` at the end and at whatever is neither.
fn item(header: &str) -> Option<(Item<'_>, &str)> {
    let header = header.trim_start_matches([' ', '\t', ',']);
    let end =
        header.find(|c: char| c.is_whitespace() || matches!(c, ',' | '=' | '"')).unwrap_or(header.len());
    let (name, rest) = header.split_at(end);
    if name.is_empty() {
        return None;
    }
    match rest.trim_start().strip_prefix('=') {
        None => Some((Item::Scheme(name), rest)),
        Some(rest) => {
            let (value, rest) = value(rest.trim_start())?;
            Some((Item::Parameter(name, value), rest))
        }
    }
}

/// A bare or quoted value.
fn value(text: &str) -> Option<(String, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(|c: char| c.is_whitespace() || c == ',').unwrap_or(text.len());
        return Some((text[..end].to_owned(), &text[end..]));
    };
    let mut value = String::new();
    let mut chars = quoted.chars();
    loop {
        match chars.next()? {
            '"' => return Some((value, chars.as_str())),
            '\\' => value.push(chars.next()?),
            other => value.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(header: &str) -> Option<String> {
        Challenge::parse(header)?.error
    }

    #[test]
    fn finds_the_reason() {
        let header =
            r#"DPoP algs="RS256 ES256", error="use_dpop_nonce", error_description="Server requires nonce""#;
        assert!(Challenge::parse(header).unwrap().wants_nonce());
        for header in [
            r#"DPoP error="invalid_token""#,
            "dpop error=invalid_token",
            r#"Bearer realm="x", error="other", DPoP realm="a,b\"=", error = "invalid_token", Basic error="x""#,
            r#"Basic, DPoP error="invalid_token""#,
            "DPoP error=invalid_token,a=b",
            "DPoP error=invalid_token Basic",
        ] {
            assert_eq!(error(header).as_deref(), Some("invalid_token"), "{header}");
        }
        assert!(!Challenge::parse(r#"DPoP error="invalid_token""#).unwrap().wants_nonce());
    }

    #[test]
    fn is_not_misled() {
        assert_eq!(Challenge::parse("DPoP"), Some(Challenge::default()));
        for header in
            ["", r#"Bearer error="use_dpop_nonce""#, r#"Basic realm="DPoP error=use_dpop_nonce""#, "=", "\""]
        {
            assert_eq!(Challenge::parse(header), None, "{header}");
        }
        assert_eq!(error(r#"DPoP realm="unterminated error=use_dpop_nonce"#), None);
        for filler in ["a=b,", "a=ö,"] {
            assert_eq!(error(&format!("DPoP {} error=x", filler.repeat(MAX_BYTES / 4))), None, "too long");
        }
    }
}
