//! Tokens by which services elsewhere know whoever is at home here (spec/registry.md §4.3).

use atproto::service_auth::{Claims, sign};
use atproto::{Did, Nsid};

use crate::{Error, Repos};

impl Repos {
    /// A token for one method of a service, good until `exp` (seconds since 1970), signed with the key of a repository: in whose name
    /// the caller acts is for it to know. [`Error::Deactivated`] if it is not served.
    pub fn service_token(&self, did: &Did, service: &Did, lxm: &Nsid, exp: i64) -> Result<String, Error> {
        let entry = self.shared.directory.find(did.as_str());
        let entry = entry.ok_or_else(|| Error::NotHosted(did.to_string()))?;
        entry.served()?;
        let key = entry.key(&*self.shared.sealing)?;
        let jti = format!("{:032x}", rand::random::<u128>());
        let iat = clock::now_micros() / 1_000_000;
        Ok(sign(
            &key,
            &Claims { issuer: did, audience: service.as_str(), lxm: Some(lxm), jti: &jti, iat, exp },
        ))
    }
}
