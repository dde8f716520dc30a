//! The id that ties a response, its log lines and a user's report together.

use std::{
    convert::Infallible,
    hash::{DefaultHasher, Hash, Hasher},
    time::{SystemTime, UNIX_EPOCH},
};

use axum::extract::FromRequestParts;
use http::{HeaderMap, HeaderName, HeaderValue, request::Parts};
use uuid::Uuid;

/// Carries the id in both directions.
pub(crate) const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Longer ids are replaced: they would be repeated in every log line of the request.
const MAX_LENGTH: usize = 128;

/// Digits of a correlation id.
const CORRELATION_DIGITS: usize = 16;

/// Names one request. Present in the extensions of every request.
///
/// A new id is a `UUIDv7` in its 32-digit form, so that the correlation id of an error body is its tail and one search
/// in the logs finds both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(HeaderValue);

impl RequestId {
    /// The id a client or proxy sent, if it is harmless (at most 128 letters, digits and `-_.:`), else a new one.
    #[must_use]
    pub fn accept(headers: &HeaderMap) -> Self {
        match headers.get(X_REQUEST_ID) {
            Some(value) if is_harmless(value.as_bytes()) => Self(value.clone()),
            _ => Self::generate(),
        }
    }

    pub(crate) fn generate() -> Self {
        // Made from the thread's generator: `Uuid::now_v7` takes a lock and a system call, which a request need not.
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let millis = u64::try_from(since_epoch.as_millis()).unwrap_or_default();
        let id = uuid::Builder::from_unix_timestamp_millis(millis, &rand::random()).into_uuid();
        let mut digits = Uuid::encode_buffer();
        let text = id.simple().encode_lower(&mut digits);
        Self(HeaderValue::from_str(text).unwrap_or_else(|_| HeaderValue::from_static("invalid")))
    }

    /// The id as sent in `x-request-id`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.to_str().unwrap_or_default()
    }

    /// The 16 hex digits shown in the body of a server error.
    #[must_use]
    pub fn correlation_id(&self) -> String {
        let id = self.as_str();
        let tail = &id[id.len().saturating_sub(CORRELATION_DIGITS)..];
        if tail.len() == CORRELATION_DIGITS && tail.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return tail.to_ascii_lowercase();
        }
        let mut hasher = DefaultHasher::new();
        id.hash(&mut hasher);
        format!("{:016x}", hasher.finish())
    }
}

impl<S: Sync> FromRequestParts<S> for RequestId {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_else(|| Self::accept(&parts.headers)))
    }
}

impl From<RequestId> for HeaderValue {
    fn from(id: RequestId) -> Self {
        id.0
    }
}

fn is_harmless(id: &[u8]) -> bool {
    (1..=MAX_LENGTH).contains(&id.len())
        && id.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_.:".contains(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accept(id: &[u8]) -> RequestId {
        let mut headers = HeaderMap::new();
        headers.insert(X_REQUEST_ID, HeaderValue::from_bytes(id).unwrap());
        RequestId::accept(&headers)
    }

    #[test]
    fn harmless_ids_are_kept_and_others_replaced() {
        assert_eq!(accept(b"abc-1.2:3_Z").as_str(), "abc-1.2:3_Z");
        assert_eq!(accept(&[b'a'; 128]).as_str().len(), 128);
        for bad in [&b""[..], b"a b", b"a\"b", b"\xc3\xa9", b"{}", &[b'a'; 129]] {
            let id = accept(bad);
            assert!(Uuid::try_parse(id.as_str()).is_ok(), "{bad:?} became {id:?}");
        }
    }

    #[test]
    fn correlation_id_is_the_tail_of_a_new_id_and_16_digits_of_any() {
        let id = RequestId::accept(&HeaderMap::new());
        assert_eq!(Uuid::try_parse(id.as_str()).unwrap().get_version_num(), 7);
        assert!(id.as_str().ends_with(&id.correlation_id()));
        for foreign in [&b"x"[..], b"0123456789abcdeg", b"0123456789ABCDEF"] {
            let correlation = accept(foreign).correlation_id();
            assert_eq!(correlation.len(), 16);
            assert!(correlation.bytes().all(|byte| byte.is_ascii_hexdigit()));
        }
    }
}
