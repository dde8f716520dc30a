//! The body of a refusal: `{"errors":[…]}` (spec/registry.md §1.1).

use http::StatusCode;
use serde_json::{Value, json};

use crate::Error;

/// Reasons a body lists at most: a manifest may lack thousands of blobs, and nobody reads that.
const MAX_LISTED: usize = 100;

/// One or more reasons to refuse a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Errors {
    first: Error,
    more: Vec<Error>,
}

impl Errors {
    /// The first hundred of `errors`; `None` if there are none.
    pub fn collect(errors: impl IntoIterator<Item = Error>) -> Option<Self> {
        let mut errors = errors.into_iter().take(MAX_LISTED);
        Some(Self { first: errors.next()?, more: errors.collect() })
    }

    /// The status of the answer: the first reason's.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.first.status()
    }

    /// The reasons.
    pub fn iter(&self) -> impl Iterator<Item = &Error> {
        std::iter::once(&self.first).chain(&self.more)
    }

    /// The body, of type `application/json`.
    #[must_use]
    pub fn to_json(&self) -> String {
        let entries: Vec<Value> = self.iter().map(entry).collect();
        json!({ "errors": entries }).to_string()
    }
}

fn entry(error: &Error) -> Value {
    let mut entry = json!({ "code": error.code().as_str(), "message": error.message() });
    if let Some(detail) = error.detail() {
        entry["detail"] = detail.clone();
    }
    entry
}

impl From<Error> for Errors {
    fn from(first: Error) -> Self {
        Self { first, more: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorCode;

    #[test]
    fn is_a_list() {
        let errors = Errors::from(Error::from(ErrorCode::BlobUnknown).with_detail(json!({"digest": "x"})));
        let message = ErrorCode::BlobUnknown.message();
        let body: Value = serde_json::from_str(&errors.to_json()).unwrap();
        assert_eq!(
            body,
            json!({"errors": [{"code": "BLOB_UNKNOWN", "message": message, "detail": {"digest": "x"}}]})
        );
        assert!(!Errors::from(Error::from(ErrorCode::Denied)).to_json().contains("detail"));
    }

    #[test]
    fn is_bounded_and_has_the_first_status() {
        let one = |at| Error::new(ErrorCode::ManifestBlobUnknown, format!("blob {at}"));
        let errors = Errors::collect((0..100_000).map(one)).unwrap();
        assert_eq!((errors.iter().count(), errors.status().as_u16()), (MAX_LISTED, 400));
        assert_eq!(Errors::collect([]), None);
        assert_eq!(Error::too_large(1).status().as_u16(), 413);
        assert_eq!(Error::wrong_range("elsewhere").status().as_u16(), 416);
    }
}
