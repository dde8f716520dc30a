//! Content identifiers and the DIDs that are made the same way.

use std::fmt;

use aws_lc_rs::digest::{SHA256, digest};
use data_encoding::BASE32_NOPAD;

/// What a CID points at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Codec {
    DagCbor = 0x71,
    Raw = 0x55,
}

/// A version 1 CID with SHA-256. Displays in lower-case base 32.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cid([u8; 36]);

impl Cid {
    /// The CID of these bytes.
    pub(super) fn of(content: &[u8], codec: Codec) -> Self {
        let mut bytes = [0; 36];
        bytes[..4].copy_from_slice(&[1, codec as u8, 0x12, 0x20]);
        bytes[4..].copy_from_slice(digest(&SHA256, content).as_ref());
        Self(bytes)
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Display for Cid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "b{}", base32(&self.0))
    }
}

/// The DID of account `a`: well-formed, but registered nowhere.
pub(super) fn did(seed: &str, a: u32) -> String {
    let hash = digest(&SHA256, format!("{seed}/did/{a}").as_bytes());
    format!("did:plc:{}", &base32(hash.as_ref())[..24])
}

fn base32(bytes: &[u8]) -> String {
    BASE32_NOPAD.encode(bytes).to_ascii_lowercase()
}
