//! Headers that only this protocol has, and values that have to be built with care.

use std::fmt::Write;

use http::HeaderName;

/// The digest of what was asked for or stored, by the algorithm of the request.
pub const CONTENT_DIGEST: HeaderName = HeaderName::from_static("docker-content-digest");
/// Clients of old look for [`API_VERSION_VALUE`] here.
pub const API_VERSION: HeaderName = HeaderName::from_static("docker-distribution-api-version");
/// What [`API_VERSION`] says.
pub const API_VERSION_VALUE: &str = "registry/2.0";
/// The name of an upload, beside its `Location`.
pub const UPLOAD_UUID: HeaderName = HeaderName::from_static("docker-upload-uuid");
/// The smallest piece of an upload that is welcome, in bytes.
pub const CHUNK_MIN_LENGTH: HeaderName = HeaderName::from_static("oci-chunk-min-length");
/// The digest a stored manifest is about.
pub const SUBJECT: HeaderName = HeaderName::from_static("oci-subject");
/// The tags a stored manifest was given.
pub const TAG: HeaderName = HeaderName::from_static("oci-tag");
/// What a list of referrers was filtered by.
pub const FILTERS_APPLIED: HeaderName = HeaderName::from_static("oci-filters-applied");
/// What [`FILTERS_APPLIED`] says.
pub const FILTERED_BY_ARTIFACT_TYPE: &str = "artifactType";

/// Bytes of a warning at most, so that a few of them stay below what a client reads.
const MAX_WARNING_BYTES: usize = 1024;

/// The value of `Range` for an upload of `size` bytes so far. Nothing is written like one byte: the protocol has no other
/// way.
#[must_use]
pub fn uploaded(size: u64) -> String {
    format!("0-{}", size.saturating_sub(1))
}

/// The value of `Warning`, of at most 1 KiB; what may not stand in a header becomes a question mark.
#[must_use]
pub fn warning(text: &str) -> String {
    let mut value = String::from("299 - \"");
    for character in text.chars() {
        if value.len() + 3 > MAX_WARNING_BYTES {
            break;
        }
        let _ = match character {
            '"' | '\\' => write!(value, "\\{character}"),
            ' '..='~' => write!(value, "{character}"),
            _ => write!(value, "?"),
        };
    }
    value.push('"');
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_upload_says_how_far_it_is() {
        assert_eq!([0, 1, 2, 512].map(uploaded), ["0-0", "0-0", "0-1", "0-511"]);
    }

    #[test]
    fn warnings_stay_in_their_quotes() {
        assert_eq!(warning("a \"b\"\r\nö"), r#"299 - "a \"b\"???""#);
        let long = warning(&"\"".repeat(5000));
        assert!(long.len() <= MAX_WARNING_BYTES && long.ends_with("\\\"\""));
    }
}
