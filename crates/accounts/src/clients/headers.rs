//! What a request says of itself in headers.

use http::{HeaderMap, HeaderName};

use super::ClientError;

pub(super) const X_CLIENT_KEY: HeaderName = HeaderName::from_static("x-client-key");
pub(super) const X_CLIENT_SECRET: HeaderName = HeaderName::from_static("x-client-secret");
pub(super) const DPOP: HeaderName = HeaderName::from_static("dpop");

/// The value of a header that may appear once. Two would invite two readers to believe two different things.
pub(super) fn single<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a str>, ClientError> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => match value.to_str() {
            Ok(text) => Ok(Some(text)),
            Err(_) => Err(ClientError::unauthenticated(format!("Malformed {name} header"))),
        },
        (Some(_), Some(_)) => Err(ClientError::unauthenticated(format!("More than one {name} header"))),
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn a_header_counts_if_it_is_there_once_as_text() {
        let mut headers = HeaderMap::new();
        assert_eq!(single(&headers, &DPOP).unwrap(), None);
        headers.append(DPOP, HeaderValue::from_static("a"));
        assert_eq!(single(&headers, &DPOP).unwrap(), Some("a"));
        headers.append(DPOP, HeaderValue::from_static("a"));
        assert!(single(&headers, &DPOP).is_err());
        headers.insert(DPOP, HeaderValue::from_bytes(b"\xff").unwrap());
        assert!(single(&headers, &DPOP).is_err());
    }
}
