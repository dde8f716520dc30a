//! Secrets, opened or not.

use std::fmt;

use data_encoding::BASE64;

use crate::EncryptionKey;
use crate::cell::Cell;

/// A secret that was opened. No log shows it.
#[derive(Clone, PartialEq, Eq)]
pub struct Plaintext(pub Vec<u8>);

impl fmt::Debug for Plaintext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// Why a secret stays closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Closed {
    /// There is nothing to open it with.
    #[error("it is encrypted, and the TOKEN_ENCRYPTION_KEY of the old server was not given")]
    NoKey,
    /// It was altered, or sealed under another key.
    #[error("it is encrypted under another key than the one that was given")]
    WrongKey,
}

/// Opens what is in a column of secrets: bytes, or the same in base64, which some versions kept in columns of bytes, too.
pub(crate) fn open(cell: &Cell, key: Option<&EncryptionKey>) -> Result<Plaintext, Closed> {
    let key = key.ok_or(Closed::NoKey)?;
    let raw = match cell {
        Cell::Text(text) => text.as_bytes(),
        Cell::Bytes(bytes) => bytes,
        _ => return Err(Closed::WrongKey),
    };
    let decoded = BASE64.decode(raw).ok();
    let opened = decoded.and_then(|sealed| key.open(&sealed)).or_else(|| key.open(raw));
    opened.map(Plaintext).ok_or(Closed::WrongKey)
}
