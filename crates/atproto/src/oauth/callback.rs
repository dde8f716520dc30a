//! What comes back when the user has decided.

use url::form_urlencoded;

use crate::excerpt::excerpt;

/// Longest accepted query.
const MAX_BYTES: usize = 8 << 10;

/// The parameters with which an authorization server sends the user back (RFC 6749, section 4.1.2; RFC 9207).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Callback {
    /// The text that the request began with, which must be one that is waited for.
    pub state: String,
    /// Who answers, which must be the issuer that was asked.
    pub iss: String,
    /// The code to exchange, or why there is none: `access_denied`, `login_required`, …
    pub code: Result<String, String>,
}

/// Parameters that are no answer to an authorization request.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallbackError {
    /// More than any server sends.
    #[error("the answer of the authorization server is too long")]
    TooLong,
    /// A parameter that must be there and is not.
    #[error("the answer of the authorization server has no parameter {0:?}")]
    Missing(&'static str),
    /// A parameter whose second value another reader might take.
    #[error("the answer of the authorization server has the parameter {0:?} twice")]
    Repeated(&'static str),
    /// Both a code and an error.
    #[error("the answer of the authorization server is both a success and a failure")]
    Contradictory,
}

impl Callback {
    /// Reads the query of the callback URL.
    pub fn parse(query: &str) -> Result<Self, CallbackError> {
        if query.len() > MAX_BYTES {
            return Err(CallbackError::TooLong);
        }
        let code = match (parameter(query, "code")?, parameter(query, "error")?) {
            (Some(code), None) => Ok(code),
            (None, Some(error)) => Err(excerpt(&error)),
            (None, None) => return Err(CallbackError::Missing("code")),
            (Some(_), Some(_)) => return Err(CallbackError::Contradictory),
        };
        let required = |name| parameter(query, name)?.ok_or(CallbackError::Missing(name));
        Ok(Self { state: required("state")?, iss: required("iss")?, code })
    }
}

fn parameter(query: &str, name: &'static str) -> Result<Option<String>, CallbackError> {
    let mut values = form_urlencoded::parse(query.as_bytes()).filter(|(key, _)| key == name);
    let value = values.next().map(|(_, value)| value.into_owned());
    if values.next().is_some() {
        return Err(CallbackError::Repeated(name));
    }
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_a_code_or_an_error() {
        let callback =
            Callback::parse("iss=https%3A%2F%2Fas.test&state=s%201&code=cod-1&session_state=x").unwrap();
        assert_eq!(callback.iss, "https://as.test");
        assert_eq!(callback.state, "s 1");
        assert_eq!(callback.code, Ok("cod-1".to_owned()));
        let callback = Callback::parse("iss=i&state=s&error=access_denied&error_description=no").unwrap();
        assert_eq!(callback.code, Err("access_denied".to_owned()));
    }

    #[test]
    fn must_be_complete_and_unambiguous() {
        for (query, refusal) in [
            ("", CallbackError::Missing("code")),
            ("iss=i&code=c", CallbackError::Missing("state")),
            ("state=s&code=c", CallbackError::Missing("iss")),
            ("iss=i&state=s&code=c&error=e", CallbackError::Contradictory),
            ("iss=i&state=s&code=c&code=d", CallbackError::Repeated("code")),
            ("iss=i&state=s&state=s&code=c", CallbackError::Repeated("state")),
            ("iss=i&iss=j&state=s&code=c", CallbackError::Repeated("iss")),
            (&"a".repeat(MAX_BYTES + 1), CallbackError::TooLong),
        ] {
            assert_eq!(Callback::parse(query), Err(refusal), "{query}");
        }
    }
}
