//! A published set of keys.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use super::PublicJwk;

/// A JWK Set (RFC 7517, section 5): the usable keys of it, which are named and on P-256. Others are skipped, as the
/// standard demands; a key that turns out to be private is not used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct JwkSet {
    /// The keys.
    pub keys: Vec<PublicJwk>,
}

impl<'de> Deserialize<'de> for JwkSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Raw {
            keys: Vec<Map<String, Value>>,
        }

        let Raw { keys } = Raw::deserialize(deserializer)?;
        let keys = keys.iter().filter_map(|key| PublicJwk::from_members(key).ok());
        Ok(Self { keys: keys.filter(|key| key.kid().is_some()).collect() })
    }
}
