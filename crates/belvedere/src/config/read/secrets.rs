//! What nobody else may know: never repeated in messages.

use atproto::Handle;
use atproto::crypto::PrivateKey;
use data_encoding::{BASE64, HEXLOWER_PERMISSIVE};

use super::Read;
use crate::config::Secret;

/// A shorter secret can be guessed.
const MIN_SECRET_BYTES: usize = 32;

const MAKE_ONE: &str = "`openssl rand -base64 32` makes one";

pub(in crate::config) fn master_secret(text: &str) -> Read<Secret> {
    if text.len() < MIN_SECRET_BYTES {
        let bytes = text.len();
        return Err(format!("it has {bytes} bytes and needs at least {MIN_SECRET_BYTES}; {MAKE_ONE}"));
    }
    Ok(Secret::new(text))
}

/// One that somebody else has chosen.
pub(in crate::config) fn secret(text: &str) -> Read<Secret> {
    if text.trim() == text {
        Ok(Secret::new(text))
    } else {
        Err("it begins or ends with a space, which is hardly part of it".to_owned())
    }
}

/// Goes into a header.
pub(in crate::config) fn api_key(text: &str) -> Read<Secret> {
    let key = text.trim();
    if !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_graphic()) {
        Ok(Secret::new(key))
    } else {
        Err("expected a key as the vendor gives it: letters, digits and signs without spaces".to_owned())
    }
}

pub(in crate::config) fn token_encryption_key(text: &str) -> Read<Secret> {
    match BASE64.decode(text.trim().as_bytes()) {
        Ok(key) if key.len() == MIN_SECRET_BYTES => Ok(Secret::new(text)),
        _ => Err(format!("expected {MIN_SECRET_BYTES} bytes in base64; {MAKE_ONE}")),
    }
}

/// Handles and passwords. A password may have a colon, and no comma.
pub(in crate::config) fn local_accounts(text: &str) -> Read<Vec<(Handle, Secret)>> {
    let account = |part: &str| {
        let (handle, password) = part.split_once(':')?;
        Some((Handle::parse(handle.trim()).ok()?, Secret::new(password)))
    };
    let accounts: Option<Vec<_>> = text.split(',').map(account).collect();
    accounts.ok_or_else(|| {
        "expected HANDLE:PASSWORD, separated by commas, such as alice.test:a-password".to_owned()
    })
}

pub(in crate::config) fn attestation_key(text: &str) -> Read<PrivateKey> {
    let scalar = HEXLOWER_PERMISSIVE.decode(text.trim().as_bytes()).ok();
    let key = scalar.and_then(|scalar| PrivateKey::k256(scalar.as_slice().try_into().ok()?).ok());
    key.ok_or_else(|| {
        "expected 32 bytes in hex, a private key on secp256k1; `openssl rand -hex 32` makes one".to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets() {
        assert_eq!(master_secret(&"é".repeat(16)).unwrap().expose(), "é".repeat(16));
        assert!(master_secret(&"a".repeat(31)).unwrap_err().starts_with("it has 31 bytes"));
        let key = BASE64.encode(&[7; 32]);
        assert_eq!(token_encryption_key(&key).unwrap().expose(), key);
        for bad in [BASE64.encode(&[7; 31]), BASE64.encode(&[7; 33]), "a".repeat(44), "07".repeat(32)] {
            assert!(token_encryption_key(&bad).is_err(), "{bad}");
        }
        assert!(secret("a b").is_ok() && !secret("hush\n").unwrap_err().contains("hush"));
        assert_eq!(api_key(" sk_1\n").unwrap().expose(), "sk_1");
        assert!(api_key("").is_err() && api_key("a\u{e9}").is_err());
        assert_eq!(format!("{:?}", master_secret(&"a".repeat(32)).unwrap()), "***");
    }

    #[test]
    fn attestation_keys() {
        assert!(attestation_key(&"07".repeat(32)).is_ok() && attestation_key(&"AB".repeat(32)).is_ok());
        for bad in ["07".repeat(31), "07".repeat(33), "00".repeat(32), "ff".repeat(32), "x".repeat(64)] {
            assert!(attestation_key(&bad).unwrap_err().contains("32 bytes in hex"), "{bad}");
        }
    }
}
