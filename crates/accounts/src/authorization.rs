//! Reading the `Authorization` header.

use http::{HeaderMap, HeaderValue, header::AUTHORIZATION};

use crate::api_keys::PREFIX;

/// What a request presents.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Presented<'a> {
    /// No header.
    Nothing,
    /// An API key. `Bearer` is its scheme; existing clients also send it after `DPoP`.
    ApiKey(&'a str),
    /// A token that is bound to a key. The proof is in another header.
    Dpop(&'a str),
    /// A token that is good by itself.
    Bearer(&'a str),
    /// Something that is no credential.
    Malformed,
}

/// Longer keys are not worth hashing.
const MAX_KEY_BYTES: usize = 128;

/// Longer tokens are not worth parsing.
const MAX_TOKEN_BYTES: usize = 16 << 10;

pub(crate) fn presented(headers: &HeaderMap) -> Presented<'_> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    match (values.next(), values.next()) {
        (None, _) => Presented::Nothing,
        (Some(value), None) => credential(value),
        // Two headers invite two readers to believe two different things.
        (Some(_), Some(_)) => Presented::Malformed,
    }
}

fn credential(value: &HeaderValue) -> Presented<'_> {
    let Some((scheme, token)) = value.to_str().ok().and_then(|text| text.split_once(' ')) else {
        return Presented::Malformed;
    };
    let token = token.trim_matches(' ');
    let (bearer, dpop) = (scheme.eq_ignore_ascii_case("bearer"), scheme.eq_ignore_ascii_case("dpop"));
    if token.is_empty() || token.len() > MAX_TOKEN_BYTES {
        Presented::Malformed
    } else if token.starts_with(PREFIX) && (bearer || dpop) {
        if token.len() > MAX_KEY_BYTES { Presented::Malformed } else { Presented::ApiKey(token) }
    } else if dpop {
        Presented::Dpop(token)
    } else if bearer {
        Presented::Bearer(token)
    } else {
        Presented::Malformed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemes_and_tokens_are_told_apart() {
        for (value, expected) in [
            ("Bearer hv_1", Presented::ApiKey("hv_1")),
            ("bearer hv_1", Presented::ApiKey("hv_1")),
            ("BEARER  hv_1 ", Presented::ApiKey("hv_1")),
            ("DPoP hv_1", Presented::ApiKey("hv_1")),
            ("Bearer eyJhbGciOi", Presented::Bearer("eyJhbGciOi")),
            ("DPoP eyJhbGciOi", Presented::Dpop("eyJhbGciOi")),
            ("dpop eyJhbGciOi", Presented::Dpop("eyJhbGciOi")),
            ("Bearer HV_1", Presented::Bearer("HV_1")),
            ("", Presented::Malformed),
            ("Bearer", Presented::Malformed),
            ("Bearer ", Presented::Malformed),
            ("hv_1", Presented::Malformed),
            ("Basic aHZfMTo=", Presented::Malformed),
            ("Basic hv_1", Presented::Malformed),
            ("Bearer\thv_1", Presented::Malformed),
        ] {
            let headers = HeaderMap::from_iter([(AUTHORIZATION, HeaderValue::from_str(value).unwrap())]);
            assert_eq!(presented(&headers), expected, "{value:?}");
        }
        assert_eq!(presented(&HeaderMap::new()), Presented::Nothing);
    }

    #[test]
    fn two_headers_overlong_tokens_and_odd_bytes_are_malformed() {
        let mut headers = HeaderMap::new();
        headers.append(AUTHORIZATION, HeaderValue::from_static("Bearer hv_1"));
        headers.append(AUTHORIZATION, HeaderValue::from_static("Bearer hv_1"));
        assert_eq!(presented(&headers), Presented::Malformed);
        let long_key = format!("Bearer hv_{}", "0".repeat(MAX_KEY_BYTES));
        let long_token = format!("DPoP {}", "0".repeat(MAX_TOKEN_BYTES + 1));
        for value in [long_key.as_bytes(), long_token.as_bytes(), b"Bearer hv_\xff"] {
            let headers = HeaderMap::from_iter([(AUTHORIZATION, HeaderValue::from_bytes(value).unwrap())]);
            assert_eq!(presented(&headers), Presented::Malformed);
        }
    }
}
