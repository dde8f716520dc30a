//! What a registry says that it takes (`WWW-Authenticate`; RFC 9110, section 11.6.1).

/// The first challenge of a header that a client of registries can do something about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Challenge {
    /// A name and a password with every request.
    Basic,
    /// A token from another address.
    Bearer {
        /// Where tokens are.
        realm: String,
        /// Whom they are for.
        service: Option<String>,
        /// What they must be good for, if the registry says so.
        scope: Option<String>,
    },
}

/// Parameters of a challenge; there are five or so.
const MOST: usize = 32;

impl Challenge {
    /// Reads the value of the header; nothing for what is neither of the two.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (scheme, rest) = text.trim().split_once(' ').unwrap_or((text.trim(), ""));
        if scheme.eq_ignore_ascii_case("basic") {
            return Some(Self::Basic);
        }
        if !scheme.eq_ignore_ascii_case("bearer") {
            return None;
        }
        let (mut realm, mut service, mut scope) = (None, None, None);
        for (name, value) in parameters(rest).take(MOST) {
            match &*name.to_ascii_lowercase() {
                "realm" => realm = Some(value),
                "service" => service = Some(value),
                "scope" => scope = Some(value),
                _ => {}
            }
        }
        Some(Self::Bearer { realm: realm?, service, scope })
    }
}

/// `name=value` and `name="quoted value"`, with commas between.
fn parameters(mut rest: &str) -> impl Iterator<Item = (&str, String)> {
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches([',', ' ', '\t']);
        let (name, after) = rest.split_once('=')?;
        let (value, after) = match after.strip_prefix('"') {
            Some(quoted) => unquoted(quoted)?,
            None => {
                let end = after.find(',').unwrap_or(after.len());
                (after[..end].trim().to_owned(), &after[end..])
            }
        };
        rest = after;
        Some((name.trim(), value))
    })
}

/// What stands before the closing quotation mark, and what follows it.
fn unquoted(text: &str) -> Option<(String, &str)> {
    let (mut value, mut escaped) = (String::new(), false);
    for (at, character) in text.char_indices() {
        match character {
            _ if escaped => {
                value.push(character);
                escaped = false;
            }
            '\\' => escaped = true,
            '"' => return Some((value, &text[at + 1..])),
            _ => value.push(character),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bearer(realm: &str, service: Option<&str>, scope: Option<&str>) -> Challenge {
        let [service, scope] = [service, scope].map(|text| text.map(str::to_owned));
        Challenge::Bearer { realm: realm.to_owned(), service, scope }
    }

    #[test]
    fn says_where_tokens_are() {
        for (text, challenge) in [
            (
                r#"Bearer realm="https://a/token",service="a",scope="repository:x:pull,push""#,
                Some(bearer("https://a/token", Some("a"), Some("repository:x:pull,push"))),
            ),
            (
                r#"bearer  service=a , REALM="https://a/\"t\"" ,"#,
                Some(bearer("https://a/\"t\"", Some("a"), None)),
            ),
            (r#"Basic realm="x""#, Some(Challenge::Basic)),
            ("basic", Some(Challenge::Basic)),
            ("Bearer", None),
            (r#"Bearer realm="open"#, None),
            ("Bearer service=a", None),
            ("Digest realm=\"x\"", None),
            ("", None),
        ] {
            assert_eq!(Challenge::parse(text), challenge, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn whatever_it_says_is_read_to_its_end(text in "(Bearer )?.{0,200}") {
            let _ = Challenge::parse(&text);
        }

        #[test]
        fn what_is_quoted_is_what_was_meant(realm in "[ -~]{1,50}", service in "[ -~]{0,50}") {
            let quoted = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"");
            let text = format!("Bearer realm=\"{}\",service=\"{}\"", quoted(&realm), quoted(&service));
            proptest::prop_assert_eq!(Challenge::parse(&text), Some(bearer(&realm, Some(&service), None)));
        }
    }
}
