//! The layout of a sealed value: `key id (1) ‖ nonce (12) ‖ ciphertext ‖ tag (16)`, AES-256-GCM, the row id as associated
//! data.

use aws_lc_rs::aead::{Aad, NONCE_LEN, Nonce};

use super::{Purpose, master::MasterSecret};
use crate::Error;

pub(super) fn seal(
    master: &MasterSecret,
    purpose: Purpose,
    row_id: &str,
    secret: &[u8],
) -> Result<Vec<u8>, Error> {
    let mut text = secret.to_vec();
    let nonce = master
        .key(purpose)?
        .seal_in_place_append_tag(Aad::from(row_id.as_bytes()), &mut text)
        .map_err(|_| Error::Sealing)?;
    Ok([&[master.key_id()], &nonce.as_ref()[..], &text].concat())
}

/// Nothing if it is damaged, of another purpose or row, or sealed under another master secret.
pub(super) fn open(master: &MasterSecret, purpose: Purpose, row_id: &str, sealed: &[u8]) -> Option<Vec<u8>> {
    let (nonce, text) = sealed.get(1..)?.split_first_chunk::<NONCE_LEN>()?;
    let mut text = text.to_vec();
    let key = master.key(purpose).ok()?;
    let nonce = Nonce::assume_unique_for_key(*nonce);
    let length = key.open_in_place(nonce, Aad::from(row_id.as_bytes()), &mut text).ok()?.len();
    text.truncate(length);
    Some(text)
}
