//! Where a piece of an upload belongs (spec/registry.md §1.5).

use std::fmt;

use crate::{Error, ErrorCode};

/// `Content-Range: <start>-<end>`, both inclusive; the protocol writes it without a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ContentRange {
    start: u64,
    end: u64,
}

/// Greatest position of a byte: sizes have to be countable, also in databases.
const MAX_POSITION: u64 = i64::MAX as u64 - 1;

impl ContentRange {
    /// Reads the header. What is none is 416 `BLOB_UPLOAD_INVALID`.
    pub fn parse(header: &str) -> Result<Self, Error> {
        let (start, end) = header.split_once('-').ok_or_else(malformed)?;
        let (start, end) = (position(start)?, position(end)?);
        if start > end {
            return Err(malformed());
        }
        Ok(Self { start, end })
    }

    /// The first byte's position.
    #[must_use]
    pub fn start(self) -> u64 {
        self.start
    }

    /// The last byte's position.
    #[must_use]
    pub fn end(self) -> u64 {
        self.end
    }

    /// How many bytes it is, at least one.
    #[expect(clippy::len_without_is_empty, reason = "it is never empty")]
    #[must_use]
    pub fn len(self) -> u64 {
        self.end - self.start + 1
    }

    /// Checks that it is what comes next in an upload of `size` bytes so far, and as long as the body says it is.
    pub fn check(self, size: u64, content_length: Option<u64>) -> Result<(), Error> {
        if self.start != size {
            return Err(Error::wrong_range(format!("the next byte of this upload is number {size}")));
        }
        if content_length.is_some_and(|length| length != self.len()) {
            return Err(Error::new(
                ErrorCode::SizeInvalid,
                format!("Content-Range says {} bytes, Content-Length another number", self.len()),
            ));
        }
        Ok(())
    }
}

fn malformed() -> Error {
    Error::wrong_range("Content-Range is written <first byte>-<last byte>, for example 0-1023")
}

fn position(digits: &str) -> Result<u64, Error> {
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(malformed());
    }
    digits.parse().ok().filter(|&position| position <= MAX_POSITION).ok_or_else(malformed)
}

impl fmt::Display for ContentRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.start, self.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_pieces() {
        let range = ContentRange::parse("1024-2047").unwrap();
        assert_eq!((range.start(), range.end(), range.len()), (1024, 2047, 1024));
        assert_eq!(ContentRange::parse("0-0").unwrap().len(), 1);
    }

    #[test]
    fn refuses_what_is_none() {
        for text in [
            "",
            "-",
            "0-",
            "-0",
            "1-0",
            "bytes 0-1",
            "bytes=0-1",
            "0-1/2",
            "+0-1",
            " 0-1",
            "0-1 ",
            "0--1",
            "0x0-1",
            "٠-١",
            "0-9223372036854775807",
            "0-18446744073709551616",
            "99999999999999999999999-1",
        ] {
            let error = ContentRange::parse(text).unwrap_err();
            assert_eq!(
                (error.code(), error.status().as_u16()),
                (ErrorCode::BlobUploadInvalid, 416),
                "{text}"
            );
        }
        assert!(ContentRange::parse("0-9223372036854775806").is_ok());
    }

    #[test]
    fn belongs_to_the_end_of_what_is_there() {
        let range = ContentRange::parse("512-1023").unwrap();
        assert_eq!(range.check(512, None), Ok(()));
        assert_eq!(range.check(512, Some(512)), Ok(()));
        for ahead_or_repeated in [0, 511, 513, 1024] {
            assert_eq!(range.check(ahead_or_repeated, None).unwrap_err().status().as_u16(), 416);
        }
        let error = range.check(512, Some(511)).unwrap_err();
        assert_eq!((error.code(), error.status().as_u16()), (ErrorCode::SizeInvalid, 400));
    }
}
