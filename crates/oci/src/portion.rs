//! What an answer to `GET` of a blob has in it (spec/registry.md §1.4; RFC 9110, sections 13.1.5 and 14).

use std::ops::Range;

use http::StatusCode;

use crate::{ByteRange, EntityTag};

/// The whole of a blob, or a part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Portion {
    /// 200 or 206.
    pub status: StatusCode,
    /// Which bytes.
    pub bytes: Range<u64>,
    /// The value of `Content-Range`, which the whole does not have.
    pub content_range: Option<String>,
}

/// 416: nothing of a blob is in the range that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the blob has {size} bytes")]
pub struct Unsatisfiable {
    size: u64,
}

impl Portion {
    /// What of a blob of `size` bytes is sent to whoever asks with these two headers.
    pub fn of(
        tag: EntityTag,
        size: u64,
        range: Option<&str>,
        if_range: Option<&str>,
    ) -> Result<Self, Unsatisfiable> {
        let asked = ByteRange::parse(range.filter(|_| tag.allows_range(if_range)), size);
        let (status, bytes) = match asked {
            ByteRange::Full => (StatusCode::OK, 0..size),
            ByteRange::Partial { first, last } => (StatusCode::PARTIAL_CONTENT, first..last + 1),
            ByteRange::Unsatisfiable => return Err(Unsatisfiable { size }),
        };
        Ok(Self { status, bytes, content_range: asked.content_range(size) })
    }

    /// The length of the body, in bytes.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.bytes.end - self.bytes.start
    }
}

impl Unsatisfiable {
    /// The value of `Content-Range`: how much there is.
    #[must_use]
    pub fn content_range(&self) -> String {
        format!("bytes */{}", self.size)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Algorithm, Digest};

    #[test]
    fn a_range_is_heeded_as_long_as_the_blob_is_the_one_that_was_begun() {
        let tag = EntityTag(Digest::of(Algorithm::Sha256, b""));
        let own = tag.to_string();
        let all = Portion { status: StatusCode::OK, bytes: 0..10, content_range: None };
        let some = Portion {
            status: StatusCode::PARTIAL_CONTENT,
            bytes: 2..10,
            content_range: Some("bytes 2-9/10".to_owned()),
        };
        for (range, if_range, portion) in [
            (None, None, &all),
            (None, Some("\"other\""), &all),
            (Some("bytes=2-"), None, &some),
            (Some("bytes=2-"), Some(&*own), &some),
            (Some("bytes=2-"), Some("\"other\""), &all),
            (Some("bytes=10-"), Some("\"other\""), &all),
        ] {
            let found = Portion::of(tag, 10, range, if_range);
            assert_eq!(found.as_ref(), Ok(portion), "{range:?} {if_range:?}");
            assert_eq!(found.unwrap().length(), portion.bytes.clone().count() as u64);
        }
        let none = Portion::of(tag, 10, Some("bytes=10-"), Some(&own)).unwrap_err();
        assert_eq!(
            (none.content_range(), none.to_string()),
            ("bytes */10".into(), "the blob has 10 bytes".into())
        );
    }
}
