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
    /// A token of another kind.
    OtherToken,
    /// Something that is no credential.
    Malformed,
}

/// Longer keys are not worth hashing.
const MAX_KEY_BYTES: usize = 128;

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
    let carries_token = scheme.eq_ignore_ascii_case("bearer") || scheme.eq_ignore_ascii_case("dpop");
    if !carries_token || token.is_empty() {
        Presented::Malformed
    } else if !token.starts_with(PREFIX) {
        Presented::OtherToken
    } else if token.len() > MAX_KEY_BYTES {
        Presented::Malformed
    } else {
        Presented::ApiKey(token)
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
            ("Bearer eyJhbGciOi", Presented::OtherToken),
            ("DPoP eyJhbGciOi", Presented::OtherToken),
            ("Bearer HV_1", Presented::OtherToken),
            ("", Presented::Malformed),
            ("Bearer", Presented::Malformed),
            ("Bearer ", Presented::Malformed),
            ("hv_1", Presented::Malformed),
            ("Basic aHZfMTo=", Presented::Malformed),
            ("Bearer\thv_1", Presented::Malformed),
        ] {
            let headers = HeaderMap::from_iter([(AUTHORIZATION, HeaderValue::from_str(value).unwrap())]);
            assert_eq!(presented(&headers), expected, "{value:?}");
        }
        assert_eq!(presented(&HeaderMap::new()), Presented::Nothing);
    }

    #[test]
    fn two_headers_overlong_keys_and_odd_bytes_are_malformed() {
        let mut headers = HeaderMap::new();
        headers.append(AUTHORIZATION, HeaderValue::from_static("Bearer hv_1"));
        headers.append(AUTHORIZATION, HeaderValue::from_static("Bearer hv_1"));
        assert_eq!(presented(&headers), Presented::Malformed);
        let long = format!("Bearer hv_{}", "0".repeat(MAX_KEY_BYTES));
        for value in [long.as_bytes(), b"Bearer hv_\xff"] {
            let headers = HeaderMap::from_iter([(AUTHORIZATION, HeaderValue::from_bytes(value).unwrap())]);
            assert_eq!(presented(&headers), Presented::Malformed);
        }
    }
}
