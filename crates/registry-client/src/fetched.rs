//! A manifest as it came.

use bytes::Bytes;
use oci::{Digest, Limits, Manifest, Reference};

use crate::Error;

/// Its bytes are those of its digest.
#[derive(Clone, Debug)]
pub(crate) struct Fetched {
    pub(crate) digest: Digest,
    /// What the source says it is, if it does.
    pub(crate) media_type: Option<String>,
    pub(crate) bytes: Bytes,
}

impl Fetched {
    /// What was asked for so; other bytes are an error.
    pub(crate) fn new(
        reference: &Reference,
        media_type: Option<String>,
        bytes: Bytes,
    ) -> Result<Self, Error> {
        let digest = match reference {
            Reference::Digest(named) => reference.digest_of(&bytes).map_err(|_| Error::Damaged(*named))?,
            Reference::Tag(_) => reference.digest_of(&bytes)?,
        };
        Ok(Self { digest, media_type, bytes })
    }

    /// What it says. One that the source says to be of another type than it says itself is what it says itself.
    pub(crate) fn parse(&self) -> Result<Manifest<'_>, Error> {
        let limits = Limits::default();
        let by_itself = || Manifest::parse(&self.bytes, None, &limits);
        Ok(match &self.media_type {
            Some(media_type) => {
                let parsed = Manifest::parse(&self.bytes, Some(media_type), &limits);
                parsed.or_else(|error| by_itself().map_err(|_| error))?
            }
            None => by_itself()?,
        })
    }
}
