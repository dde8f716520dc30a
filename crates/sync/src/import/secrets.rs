//! What a Happy server derives from its master secret (spec/sync.md §1.2, §8.1).

use std::fmt;
use std::num::NonZeroU32;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::hmac::{HMAC_SHA256, HMAC_SHA512, Key, sign};
use aws_lc_rs::pbkdf2::{PBKDF2_HMAC_SHA512, derive};
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};

use crate::Error;

const ROUNDS: NonZeroU32 = NonZeroU32::new(210_000).unwrap();

/// Opens what the old server sealed, and knows which key signed its tokens.
#[derive(Clone)]
pub struct OldSecrets {
    /// The root of the keys of what is at rest.
    root: [u8; 64],
    /// The public half, in hexadecimal digits.
    token_key: String,
    /// Names accounts where voices are.
    voice: Key,
}

impl OldSecrets {
    /// From `HANDY_MASTER_SECRET`. Slow by design: a fraction of a second, on a thread of its own.
    pub async fn derive(secret: String) -> Result<Self, Error> {
        tokio::task::spawn_blocking(move || Self::of(&secret)).await.map_err(|_| Error::Ended)?
    }

    fn of(secret: &str) -> Result<Self, Error> {
        let seed = stretched(secret, "handy Persistent Token");
        let pair = Ed25519KeyPair::from_seed_unchecked(&seed[..32])
            .map_err(|_| Error::Invalid("The master secret of the old server gives no key"))?;
        let token_key = HEXLOWER.encode(pair.public_key().as_ref());
        let voice = Key::new(HMAC_SHA256, secret.as_bytes());
        Ok(Self { root: stretched(secret, "happy-server-tokens"), token_key, voice })
    }

    pub(super) fn public_key(&self) -> String {
        self.token_key.clone()
    }

    /// What an account is called at ElevenLabs (spec/sync.md §2.11).
    pub(super) fn voice_name(&self, account: &str) -> String {
        format!("u_{}", BASE64URL_NOPAD.encode(sign(&self.voice, account.as_bytes()).as_ref()))
    }

    /// Opens `0x00 ‖ nonce ‖ ciphertext ‖ tag`, sealed under the key of `path`.
    pub(super) fn open(&self, path: &[&str], sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, text) = sealed.strip_prefix(&[0])?.split_first_chunk::<NONCE_LEN>()?;
        let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &self.key(path)).ok()?);
        let mut text = text.to_vec();
        let length =
            key.open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::empty(), &mut text).ok()?.len();
        text.truncate(length);
        Some(text)
    }

    /// The key at the end of a walk from the root.
    fn key(&self, path: &[&str]) -> [u8; 32] {
        let step = |state: &[u8], element: &str| {
            let mut halves = [0; 64];
            let message = [&[0], element.as_bytes()].concat();
            halves.copy_from_slice(sign(&Key::new(HMAC_SHA512, state), &message).as_ref());
            halves
        };
        let mut state = self.root.to_vec();
        for element in path {
            state = step(&state, element)[32..].to_vec();
        }
        let mut key = [0; 32];
        key.copy_from_slice(&step(&state, "#aes256")[..32]);
        key
    }
}

fn stretched(secret: &str, salt: &str) -> [u8; 64] {
    let mut out = [0; 64];
    derive(PBKDF2_HMAC_SHA512, ROUNDS, salt.as_bytes(), secret.as_bytes(), &mut out);
    out
}

impl fmt::Debug for OldSecrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OldSecrets")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATH: [&str; 5] = ["user", "u1", "vendors", "openai", "token"];

    #[test]
    fn keys_are_those_of_the_contract() {
        let old = OldSecrets::of("test-master-secret").unwrap();
        assert_eq!(old.token_key, "c4cd5f21e5de528864eb985b57566bf50b92435ae8c09cd29f4ece7010529033");
        let root = "0a8a5acc6b2eb85d3e5c13562c26d45037ff3aa31fe4f4fbaeff1f929fb42fee7b1d8a4464d96b3a670e1024c727813de558b2\
                    feff6e60db34ab18b579281ddb";
        assert_eq!(HEXLOWER.encode(&old.root), root);
        assert_eq!(
            HEXLOWER.encode(&old.key(&PATH)),
            "5d800f02a007a32a8f6e9be2670edb8560725704ca993cd3d53b1f48712a3d94"
        );
    }

    #[test]
    fn what_was_sealed_opens_at_its_place_only() {
        let old = OldSecrets::of("test-master-secret").unwrap();
        let sealed = b"00070707070707070707070707a3c93404ebce421762726ea0f9b7c2116192b37cdf1c28";
        let mut sealed = HEXLOWER.decode(sealed).unwrap();
        assert_eq!(old.open(&PATH, &sealed), Some(b"sk-test".to_vec()));
        assert_eq!(old.open(&["user", "u2", "vendors", "openai", "token"], &sealed), None);
        assert_eq!(OldSecrets::of("another").unwrap().open(&PATH, &sealed), None);
        for length in 0..sealed.len() {
            assert_eq!(old.open(&PATH, &sealed[..length]), None);
        }
        sealed[15] ^= 1;
        assert_eq!(old.open(&PATH, &sealed), None);
    }
}
