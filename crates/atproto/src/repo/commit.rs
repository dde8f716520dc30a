//! Commits.

use std::ops::Range;

use super::RepoError;
use crate::cbor::{Item, Malformed, Reader};
use crate::crypto::PublicKey;
use crate::{Cid, Did, Tid};

/// Longest commit that is read; with the longest possible DID it has 2,300 bytes.
const MAX_BYTES: usize = 4096;

/// What a repository was at one revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    /// Whose repository.
    pub did: Did,
    /// The revision; a later one is greater.
    pub rev: Tid,
    /// The root of the tree of records.
    pub data: Cid,
}

/// A commit whose signature has not been looked at yet.
#[derive(Debug, Clone)]
pub struct SignedCommit {
    commit: Commit,
    signature: [u8; 64],
    /// What was signed: the commit without its signature.
    message: Vec<u8>,
}

impl Commit {
    /// Reads a commit block of version 3, or of version 2 if it names its revision. Fields that are not known
    /// are passed over, but they are signed with the others.
    pub fn decode(cbor: &[u8]) -> Result<SignedCommit, RepoError> {
        if cbor.len() > MAX_BYTES {
            return Err(RepoError::TooLarge { bytes: cbor.len(), limit: MAX_BYTES });
        }
        let Fields { pairs, body, did, rev, data, version, signature: (signature, place) } =
            Fields::read(cbor)?;
        match version {
            2 | 3 => {}
            other => return Err(RepoError::Version(other)),
        }
        let message = [&[0xa0 | (pairs - 1)], &cbor[body..place.start], &cbor[place.end..]].concat();
        let commit = Commit { did: Did::parse(did)?, rev: Tid::parse(rev)?, data };
        Ok(SignedCommit { commit, signature, message })
    }
}

impl SignedCommit {
    /// The commit, if this key of the account signed it.
    pub fn verify(self, key: &PublicKey) -> Result<Commit, RepoError> {
        key.verify(&self.message, &self.signature).map_err(|_| RepoError::Signature)?;
        Ok(self.commit)
    }

    /// What the commit says, whoever wrote it: to find out whose key is needed.
    #[must_use]
    pub fn unverified(&self) -> &Commit {
        &self.commit
    }
}

/// The block in its parts.
struct Fields<'b> {
    /// How many there are, at most 23: their map begins with one byte.
    pairs: u8,
    /// Where the first begins.
    body: usize,
    did: &'b str,
    rev: &'b str,
    data: Cid,
    version: u64,
    /// With the place of the field, its key included.
    signature: ([u8; 64], Range<usize>),
}

impl<'b> Fields<'b> {
    fn read(cbor: &'b [u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(cbor);
        let Item::Map(pairs @ 1..=23) = reader.item()? else {
            return Err(Malformed("it is no map of a few fields"));
        };
        let body = reader.position();
        let (mut did, mut rev, mut data, mut version, mut signature) = (None, None, None, None, None);
        let mut previous = None;
        for _ in 0..pairs {
            let start = reader.position();
            match reader.key(&mut previous)? {
                "did" => did = Some(text(&mut reader, "its DID is not text")?),
                "rev" => rev = Some(text(&mut reader, "its revision is not text")?),
                "data" => match reader.item()? {
                    Item::Link(cid) => data = Some(cid),
                    _ => return Err(Malformed("its data is not a link")),
                },
                "version" => match reader.item()? {
                    Item::Unsigned(number) => version = Some(number),
                    _ => return Err(Malformed("its version is not a number")),
                },
                "sig" => match reader.item()? {
                    Item::Bytes(bytes) => {
                        let bytes =
                            bytes.try_into().map_err(|_| Malformed("its signature has not 64 bytes"))?;
                        signature = Some((bytes, start..reader.position()));
                    }
                    _ => return Err(Malformed("its signature is not bytes")),
                },
                _ => reader.skip()?,
            }
        }
        reader.end()?;
        Ok(Self {
            pairs: u8::try_from(pairs).unwrap_or(u8::MAX),
            body,
            did: did.ok_or(Malformed("it has no DID"))?,
            rev: rev.ok_or(Malformed("it has no revision"))?,
            data: data.ok_or(Malformed("it has no data"))?,
            version: version.ok_or(Malformed("it has no version"))?,
            signature: signature.ok_or(Malformed("it has no signature"))?,
        })
    }
}

fn text<'b>(reader: &mut Reader<'b>, otherwise: &'static str) -> Result<&'b str, Malformed> {
    match reader.item()? {
        Item::Text(text) => Ok(text),
        _ => Err(Malformed(otherwise)),
    }
}

impl From<Malformed> for RepoError {
    fn from(Malformed(fault): Malformed) -> Self {
        Self::NotACommit(fault)
    }
}
