//! What the fields of a client may hold.

use url::{Origin, Url};

use super::ClientError;

const MAX_NAME_CHARS: usize = 200;
const MAX_URL_BYTES: usize = 2048;
const MAX_SCOPES_BYTES: usize = 8192;
const MAX_LIST: usize = 64;

/// A name for people.
pub(super) fn name(text: String) -> Result<String, ClientError> {
    let chars = text.chars().count();
    if (1..=MAX_NAME_CHARS).contains(&chars) && !text.contains(char::is_control) {
        return Ok(text);
    }
    Err(ClientError::field("name", format!("must have 1 to {MAX_NAME_CHARS} characters, on one line")))
}

/// An OAuth client id: a URL, kept as it was sent, because the user's PDS compares it byte by byte.
pub(super) fn client_id_url(text: String) -> Result<String, ClientError> {
    web_url("client_id_url", &text)?;
    Ok(text)
}

/// Where the app is.
pub(super) fn client_uri(text: String) -> Result<String, ClientError> {
    web_url("client_uri", &text)?;
    Ok(text)
}

/// Where users may be sent after signing in: on the web, or by the scheme of an app (RFC 8252 §7.1), which has a dot in it.
/// That leaves no scheme that a browser would run.
pub(super) fn redirect_uris(list: Vec<String>) -> Result<Vec<String>, ClientError> {
    const FIELD: &str = "redirect_uris";
    bounded(FIELD, &list)?;
    for text in &list {
        let url = url(FIELD, text)?;
        let ours = matches!(url.scheme(), "http" | "https") || url.scheme().contains('.');
        if !ours || url.fragment().is_some() {
            let problem = format!(
                "{text} must be http, https or an app's scheme such as com.example.app, and end before #"
            );
            return Err(ClientError::field(FIELD, problem));
        }
    }
    Ok(list)
}

/// Scopes, each once and with single spaces between them.
pub(super) fn scopes(text: &str) -> Result<String, ClientError> {
    let list: Vec<&str> = text.split_ascii_whitespace().collect();
    let plain = list.iter().all(|scope| scope.bytes().all(|byte| byte.is_ascii_graphic()));
    if !plain || text.len() > MAX_SCOPES_BYTES || !list.contains(&"atproto") {
        return Err(ClientError::field(
            "scopes",
            format!(
                "must be scopes separated by spaces, `atproto` among them, in at most {MAX_SCOPES_BYTES} bytes"
            ),
        ));
    }
    Ok(list.join(" "))
}

/// Origins as browsers send them.
pub(super) fn allowed_origins(list: &[String]) -> Result<Vec<String>, ClientError> {
    const FIELD: &str = "allowed_origins";
    bounded(FIELD, list)?;
    list.iter()
        .map(|text| {
            let url = url(FIELD, text)?;
            let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
            match url.origin() {
                origin @ Origin::Tuple(..) if bare => Ok(origin.ascii_serialization()),
                _ => Err(ClientError::field(
                    FIELD,
                    format!("{text} is not an origin such as https://app.example.com"),
                )),
            }
        })
        .collect()
}

/// Tokens of a rate limit.
pub(super) fn rate_limit_capacity(capacity: i64) -> Result<u32, ClientError> {
    let positive = u32::try_from(capacity).ok().filter(|capacity| *capacity > 0);
    positive.ok_or_else(|| ClientError::field("rate_limit_capacity", "must be a whole number above 0"))
}

/// Tokens per second.
pub(super) fn rate_limit_refill_rate(rate: f64) -> Result<f64, ClientError> {
    if rate.is_finite() && rate > 0.0 {
        return Ok(rate);
    }
    Err(ClientError::field("rate_limit_refill_rate", "must be a number of tokens per second above 0"))
}

fn web_url(field: &'static str, text: &str) -> Result<Url, ClientError> {
    let url = url(field, text)?;
    if matches!(url.scheme(), "http" | "https") && url.username().is_empty() && url.password().is_none() {
        return Ok(url);
    }
    Err(ClientError::field(field, format!("{text} is not an http or https URL")))
}

fn url(field: &'static str, text: &str) -> Result<Url, ClientError> {
    if text.len() > MAX_URL_BYTES {
        return Err(ClientError::field(field, format!("a URL has at most {MAX_URL_BYTES} bytes")));
    }
    Url::parse(text).map_err(|error| ClientError::field(field, format!("{text} is not a URL: {error}")))
}

fn bounded(field: &'static str, list: &[String]) -> Result<(), ClientError> {
    if list.len() <= MAX_LIST {
        return Ok(());
    }
    Err(ClientError::field(field, format!("at most {MAX_LIST} entries")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_redirect_runs_code_in_a_browser() {
        for good in ["https://a.example/cb", "http://127.0.0.1/cb", "com.example.app:/cb"] {
            assert!(redirect_uris(vec![good.into()]).is_ok(), "{good}");
        }
        for bad in [
            "javascript:alert(1)",
            "data:text/html,x",
            "/cb",
            "file:///etc/passwd",
            "https://a.example/#x",
            "",
        ] {
            assert!(redirect_uris(vec![bad.into()]).is_err(), "{bad}");
        }
        assert!(redirect_uris(vec!["https://a.example/".into(); MAX_LIST + 1]).is_err());
    }

    #[test]
    fn origins_are_kept_as_browsers_send_them() {
        let origins = allowed_origins(&["HTTPS://App.Example.com/".into(), "http://127.0.0.1:3000".into()]);
        assert_eq!(origins.unwrap(), ["https://app.example.com", "http://127.0.0.1:3000"]);
        for bad in ["https://a.example/path", "https://a.example/?q", "data:x", "null", "*", "a.example"] {
            assert!(allowed_origins(&[bad.into()]).is_err(), "{bad}");
        }
    }

    #[test]
    fn scopes_are_normal_and_include_atproto() {
        assert_eq!(scopes(" atproto  repo:* ").unwrap(), "atproto repo:*");
        for bad in ["", "repo:*", "atproto\u{a0}", "atprotox"] {
            assert!(scopes(bad).is_err(), "{bad}");
        }
        assert!(scopes(&format!("atproto {}", "x ".repeat(MAX_SCOPES_BYTES))).is_err());
    }

    #[test]
    fn names_urls_and_limits_have_bounds() {
        assert!(name("é".repeat(MAX_NAME_CHARS)).is_ok());
        for bad in [String::new(), "é".repeat(MAX_NAME_CHARS + 1), "a\nb".into()] {
            assert!(name(bad).is_err());
        }
        assert!(client_id_url("http://localhost?redirect_uri=http%3A%2F%2F127.0.0.1%2F".into()).is_ok());
        for bad in
            ["com.example.app:/x", "https://user@a.example/", "x", &format!("https://{}", "a".repeat(3000))]
        {
            assert!(client_id_url(bad.to_owned()).is_err(), "{bad}");
        }
        assert!(rate_limit_capacity(0).is_err() && rate_limit_capacity(i64::MAX).is_err());
        assert!(rate_limit_refill_rate(0.0).is_err() && rate_limit_refill_rate(f64::NAN).is_err());
    }
}
