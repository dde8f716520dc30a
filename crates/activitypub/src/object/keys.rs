//! Keys that an actor publishes.

use crate::Address;
use crate::signature::{KeyError, PublicKey};

use super::Node;

/// Keys of one actor that are looked at.
const MAX_KEYS: usize = 16;

/// A key and whose it says it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActorKey {
    /// Its name.
    pub id: Address,
    /// Whose it is.
    pub owner: Address,
    /// PEM, or a Multikey.
    material: Material,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Material {
    Pem(String),
    Multikey(String),
}

impl ActorKey {
    /// Those in `publicKey` and those in `assertionMethod`.
    #[must_use]
    pub fn read_all(actor: Node<'_>) -> Vec<Self> {
        let keys =
            actor.nodes("publicKey").take(MAX_KEYS).chain(actor.nodes("assertionMethod").take(MAX_KEYS));
        keys.filter_map(Self::read).collect()
    }

    /// A key by itself: some are fetched without their owner.
    #[must_use]
    pub fn read(node: Node<'_>) -> Option<Self> {
        let material = match (node.text("publicKeyPem"), node.text("publicKeyMultibase")) {
            (Some(pem), _) => Material::Pem(pem.to_owned()),
            (None, Some(key)) => Material::Multikey(key.to_owned()),
            (None, None) => return None,
        };
        let owner = node.address("owner").or_else(|| node.address("controller"))?;
        Some(Self { id: node.id()?, owner, material })
    }

    /// The key, taken apart.
    pub fn public_key(&self) -> Result<PublicKey, KeyError> {
        match &self.material {
            Material::Pem(pem) => PublicKey::from_pem(pem),
            Material::Multikey(key) => PublicKey::from_multikey(key),
        }
    }
}
