//! The secret of a device.

use aws_lc_rs::digest::{SHA256, digest};
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use uuid::Uuid;

use super::Devices;

const PREFIX: &str = "atcr_device_";

/// A new id and the secret that it is in.
pub(super) fn generate() -> (String, String) {
    let id = Uuid::now_v7().simple().to_string();
    let random = BASE64URL_NOPAD.encode(&rand::random::<[u8; 32]>());
    (id.clone(), format!("{PREFIX}{id}_{random}"))
}

impl Devices {
    /// Whether it says that it is one.
    pub(in crate::auth) fn is_secret(secret: &str) -> bool {
        secret.starts_with(PREFIX)
    }
}

/// Which row a secret belongs to. Nothing of it is to be believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::auth) struct Shown {
    /// Of secrets that were made here.
    pub(in crate::auth) id: Option<String>,
    /// SHA-256 of the random part; without an id, of the whole, so that a random part alone finds nothing.
    pub(super) hash: String,
}

impl Shown {
    /// Reads a secret; nothing if it is none.
    pub(in crate::auth) fn read(secret: &str) -> Option<Self> {
        let rest = secret.strip_prefix(PREFIX).filter(|rest| !rest.is_empty())?;
        let ours = rest.split_once('_').filter(|(id, random)| is_id(id) && random.len() == 43);
        let (id, random) = ours.map_or((None, secret), |(id, random)| (Some(id.to_owned()), random));
        Some(Self { id, hash: HEXLOWER.encode(digest(&SHA256, random.as_bytes()).as_ref()) })
    }
}

/// Whether a device may have this id.
pub(super) fn is_id(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_its_row() {
        let (id, secret) = generate();
        assert!(Devices::is_secret(&secret) && secret.len() == PREFIX.len() + 32 + 1 + 43);
        let shown = Shown::read(&secret).unwrap();
        assert_eq!(shown.id, Some(id));
        assert_ne!(Shown::read(&generate().1).unwrap().hash, shown.hash);
    }

    #[test]
    fn one_of_another_registry_has_no_id() {
        let shown = Shown::read("atcr_device_a_b").unwrap();
        assert_eq!(shown.id, None);
        let (id, secret) = generate();
        let random = secret.replace(&format!("{id}_"), "");
        assert_ne!(Shown::read(&random).unwrap().hash, Shown::read(&secret).unwrap().hash);
        for secret in ["", "atcr_device_", "atcr_devic", "hv_abc"] {
            assert_eq!(Shown::read(secret), None, "{secret}");
        }
    }
}
