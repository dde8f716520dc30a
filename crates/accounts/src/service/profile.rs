//! An account to choose from, by its handle or DID.

use std::time::Duration;

use atproto::AtIdentifier;
use identity::Identity;
use serde_json::Value;
use url::Url;

use super::Service;

/// A profile is a record of a few hundred bytes.
const MAX_BYTES: usize = 64 << 10;

const TIMEOUT: Duration = Duration::from_secs(5);

/// What people recognise an account by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// The permanent name.
    pub did: String,
    /// The handle, confirmed both ways, or `handle.invalid`.
    pub handle: String,
    /// The name its owner gave it.
    pub display_name: Option<String>,
    /// The URL of its picture, at its PDS.
    pub avatar: Option<Url>,
}

impl Service {
    /// The account with this handle or DID; `None` if there is none, or none can be reached. Nobody here has a list of all
    /// accounts, so a part of a name finds nothing.
    pub async fn profile(&self, name: &str) -> Option<Profile> {
        let name = AtIdentifier::parse(name.trim().trim_start_matches('@')).ok()?;
        let account = self.parts.resolver.verified(&name).await.ok()?;
        let identity = &account.identity;
        let record = self.profile_record(identity).await.unwrap_or_default();
        let avatar = record["avatar"]["ref"]["$link"].as_str();
        Some(Profile {
            did: identity.did.to_string(),
            handle: account.shown_handle().to_owned(),
            display_name: record["displayName"].as_str().map(str::to_owned),
            avatar: avatar.and_then(|cid| {
                pds_url(identity, "com.atproto.sync.getBlob", &[("did", identity.did.as_str()), ("cid", cid)])
            }),
        })
    }

    async fn profile_record(&self, identity: &Identity) -> Option<Value> {
        let query =
            [("repo", identity.did.as_str()), ("collection", "app.bsky.actor.profile"), ("rkey", "self")];
        let url = pds_url(identity, "com.atproto.repo.getRecord", &query)?;
        let request = self.parts.outbound.get(&url).max_bytes(MAX_BYTES).timeout(TIMEOUT);
        let mut answer: Value = request.json().await.ok()?;
        Some(answer["value"].take())
    }
}

fn pds_url(identity: &Identity, nsid: &str, query: &[(&str, &str)]) -> Option<Url> {
    let mut url = identity.pds.as_ref()?.join(&format!("/xrpc/{nsid}")).ok()?;
    url.query_pairs_mut().extend_pairs(query);
    Some(url)
}
