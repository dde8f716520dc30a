//! Which repositories have records of a collection.

use atproto::{Did, Nsid};
use outbound::Outbound;
use serde_json::Value;
use url::Url;

use crate::answer::{malformed, object};
use crate::client::{Asked, Client};
use crate::query::Query;
use crate::{RemoteConfig, RemoteError, telemetry};

const METHOD: &str = "com.atproto.sync.listReposByCollection";

/// Room for the largest page of the longest usual DIDs.
const MAX_BYTES: usize = 4 << 20;

/// The protocol's bound on a page.
const MAX_LIMIT: u32 = 2000;

/// Longest cursor that is sent back.
const MAX_CURSOR: usize = 2048;

/// The directory beside a relay that knows which repositories have records of a collection
/// (`com.atproto.sync.listReposByCollection`). Cheap to clone.
#[derive(Clone)]
pub struct Directory {
    client: Client,
    relay: Url,
}

/// One page of repositories.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirectoryPage {
    /// The repositories, in the order of the directory. Some may have lost their records since, or be gone.
    pub dids: Vec<Did>,
    /// Where the next page begins; `None` if this was the last.
    pub cursor: Option<String>,
}

impl Directory {
    /// The directory at this origin.
    #[must_use]
    pub fn new(outbound: Outbound, relay: Url) -> Self {
        Self { client: Client::new(outbound, 1, RemoteConfig::default().request_timeout), relay }
    }

    /// Repositories that have, or once had, records of `collection`, at most `limit` of them (1 to 2,000).
    ///
    /// What is no DID is left out. A directory that answers with the cursor it was given would do so for ever: that is an
    /// error.
    pub async fn repos_with(
        &self,
        collection: &Nsid,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<DirectoryPage, RemoteError> {
        let asked = Asked { host: &self.relay, did: None };
        let mut query = Query::json(METHOD, MAX_BYTES).with("collection", collection);
        query = query.with("limit", &limit.clamp(1, MAX_LIMIT));
        if let Some(cursor) = cursor {
            query = query.with("cursor", cursor);
        }
        let answer = object(asked, METHOD, &self.client.ask(asked, &query).await?)?;
        let malformed = |what| malformed(asked, METHOD, what);

        let repos =
            answer["repos"].as_array().ok_or_else(|| malformed("`repos` is missing or not a list"))?;
        let did = |repo: &Value| Did::parse(repo["did"].as_str()?).ok();
        let dids: Vec<Did> = repos.iter().filter_map(did).collect();
        telemetry::rejected_by_directory(repos.len() - dids.len());

        let next = answer["cursor"].as_str().filter(|next| !next.is_empty());
        match next {
            Some(next) if Some(next) == cursor => Err(malformed("the cursor is the one it was given")),
            Some(next) if next.len() > MAX_CURSOR => Err(malformed("the cursor is too long")),
            next => Ok(DirectoryPage { dids, cursor: next.map(str::to_owned) }),
        }
    }
}
