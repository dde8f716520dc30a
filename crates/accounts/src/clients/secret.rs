//! Names and secrets of clients and of the keys made for them.

use aws_lc_rs::{constant_time, rand};
use data_encoding::HEXLOWER;

use crate::{Error, secret_hash::SecretHash};

/// A client key: public, 128 bits so that none is ever made twice.
pub(super) fn client_key() -> Result<String, Error> {
    random::<16>("hvc_")
}

/// A client secret: 256 bits.
pub(super) fn client_secret() -> Result<String, Error> {
    random::<32>("hvs_")
}

/// Names a key made for a client. Whoever knows it may register a session with that key if they also prove to be the
/// client.
pub(super) fn provision_id() -> Result<String, Error> {
    random::<16>("hvp_")
}

/// Whether `presented` is the secret with this hash.
pub(super) fn is_secret(presented: &str, stored_hash: &str) -> bool {
    let hash = SecretHash::of(presented).to_hex();
    constant_time::verify_slices_are_equal(hash.as_bytes(), stored_hash.as_bytes()).is_ok()
}

fn random<const BYTES: usize>(prefix: &str) -> Result<String, Error> {
    let mut bytes = [0; BYTES];
    rand::fill(&mut bytes).map_err(|_| Error::Randomness)?;
    Ok(format!("{prefix}{}", HEXLOWER.encode(&bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_its_prefix_and_length() {
        for (text, prefix, digits) in [
            (client_key().unwrap(), "hvc_", 32),
            (client_secret().unwrap(), "hvs_", 64),
            (provision_id().unwrap(), "hvp_", 32),
        ] {
            let hex = text.strip_prefix(prefix).unwrap();
            assert_eq!(hex.len(), digits);
            assert!(HEXLOWER.decode(hex.as_bytes()).is_ok());
        }
        assert_ne!(client_secret().unwrap(), client_secret().unwrap());
    }

    #[test]
    fn a_secret_is_known_by_its_hash() {
        let secret = client_secret().unwrap();
        let hash = SecretHash::of(&secret).to_hex();
        assert!(is_secret(&secret, &hash));
        for wrong in [&secret[..67], &format!("{secret}0"), "", &hash] {
            assert!(!is_secret(wrong, &hash));
        }
    }
}
