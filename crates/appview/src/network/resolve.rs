//! From an NSID to the lexicon its authority publishes, with the revision that says how old that is.

use atproto::{Did, Nsid, Tid};
use identity::Resolver;
use outbound::Outbound;
use serde::Deserialize;
use tracing::debug;
use url::Url;

use crate::lexicons::Published;

/// Finds published lexicons. Cheap to clone.
#[derive(Clone)]
pub struct LexiconResolver {
    resolver: Resolver,
    outbound: Outbound,
}

impl LexiconResolver {
    /// Asks DNS and directories through `resolver`, hosts through `outbound`.
    #[must_use]
    pub fn new(resolver: Resolver, outbound: Outbound) -> Self {
        Self { resolver, outbound }
    }

    /// The lexicon as its authority publishes it now. The error names the step that failed.
    pub async fn resolve(&self, nsid: &Nsid) -> Result<Published, identity::Error> {
        let authority = self.resolver.lexicon_authority(nsid).await?;
        // Asked first: whatever is fetched after that is from this revision or a later one.
        let rev = self.latest_rev(&authority).await;
        let lexicon = self.resolver.fetch_lexicon(nsid).await?;
        Ok(Published {
            nsid: nsid.clone(),
            rev: rev.filter(|_| lexicon.authority == authority),
            authority_did: lexicon.authority,
            json: lexicon.json,
        })
    }

    /// The revision of a repository. Without it a lexicon can still be used, only not compared with the stream.
    async fn latest_rev(&self, did: &Did) -> Option<Tid> {
        #[derive(Deserialize)]
        struct LatestCommit {
            rev: Tid,
        }
        let identity = self.resolver.resolve_did(did).await.ok()?;
        let url = latest_commit_url(identity.pds.as_ref()?, did);
        let answer = self.outbound.get(&url).max_bytes(4 << 10).json::<LatestCommit>().await;
        answer.inspect_err(|error| debug!(%did, %error, "revision unknown")).ok().map(|commit| commit.rev)
    }
}

fn latest_commit_url(pds: &Url, did: &Did) -> Url {
    let mut url = pds.clone();
    url.set_path("/xrpc/com.atproto.sync.getLatestCommit");
    url.query_pairs_mut().clear().append_pair("did", did.as_str());
    url
}
