//! Content identifiers.

use std::fmt;
use std::str::FromStr;

use super::SyntaxError;

const KIND: &str = "CID";

/// The hash of a record or a blob, in the only form the protocol makes: version 1, SHA-256, content type dag-cbor
/// (records) or raw (blobs); as text base32 in lower case, 59 characters beginning with `b`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cid(shrike::cbor::Cid);

impl Cid {
    /// Length of every CID as text.
    pub const TEXT_BYTES: usize = 59;

    /// Parses the text form. CIDs of other versions, hashes, content types or alphabets are refused: the protocol
    /// names nothing by them.
    pub fn parse(text: &str) -> Result<Self, SyntaxError> {
        SyntaxError::check_length(KIND, text, Self::TEXT_BYTES)?;
        match shrike::cbor::Cid::from_str(text) {
            Ok(cid) => Ok(Self(cid)),
            Err(error) => Err(SyntaxError::from_parser(KIND, text, &error)),
        }
    }

    /// Reads the binary form, 36 bytes; `None` if it is of another kind.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        shrike::cbor::Cid::from_bytes(bytes).ok().map(Self)
    }

    /// The binary form.
    #[must_use]
    pub fn to_bytes(self) -> [u8; 36] {
        self.0.to_bytes()
    }

    pub(crate) fn of_library(cid: shrike::cbor::Cid) -> Self {
        Self(cid)
    }

    pub(crate) fn to_library(self) -> shrike::cbor::Cid {
        self.0
    }

    /// The CID of a record, given its canonical DAG-CBOR encoding.
    #[must_use]
    pub fn dag_cbor_sha256(encoded: &[u8]) -> Self {
        Self(shrike::cbor::Cid::compute(shrike::cbor::Codec::Drisl, encoded))
    }

    /// The CID of a blob, given its content.
    #[must_use]
    pub fn raw_sha256(content: &[u8]) -> Self {
        Self(shrike::cbor::Cid::compute(shrike::cbor::Codec::Raw, content))
    }

    /// Whether the content type is dag-cbor: a record, a commit or a node of a tree, not a blob.
    #[must_use]
    pub fn is_dag_cbor(&self) -> bool {
        self.0.codec() == shrike::cbor::Codec::Drisl
    }

    /// Whether this is the CID of `content`.
    #[must_use]
    pub fn is_of(&self, content: &[u8]) -> bool {
        shrike::cbor::Cid::compute(self.0.codec(), content) == self.0
    }
}

impl fmt::Display for Cid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Cid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cid({self})")
    }
}

super::text_impls!(Cid, "a CID");

#[cfg(test)]
mod tests {
    use super::*;

    const RECORD: &str = "bafyreidfayvfuwqa7qlnopdjiqrxzs6blmoeu4rujcjtnci5beludirz2a";
    const BLOB: &str = "bafkreiccldh766hwcnuxnf2wh6jgzepf2nlu2lvcllt63eww5p6chi4ity";

    #[test]
    fn has_one_text_and_one_binary_form() {
        for text in [RECORD, BLOB] {
            let cid = Cid::parse(text).unwrap();
            assert_eq!(cid.to_string(), text);
            assert_eq!(Cid::from_bytes(&cid.to_bytes()), Some(cid));
        }
        assert!(Cid::parse(&RECORD.to_uppercase()).is_err());
        assert_eq!(Cid::from_bytes(&[1, 0x70, 0x12, 0x20]), None);
    }

    #[test]
    fn content_type_is_part_of_it() {
        let (record, blob) = (Cid::dag_cbor_sha256(b"x"), Cid::raw_sha256(b"x"));
        assert_ne!(record, blob);
        assert!(record.is_dag_cbor() && !blob.is_dag_cbor());
        assert!(record.is_of(b"x") && blob.is_of(b"x"));
        assert!(!record.is_of(b"y") && !blob.is_of(b"y"));
    }
}
