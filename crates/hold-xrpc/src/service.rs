//! The service, put together for one server.

use std::sync::Arc;

use accounts::Service;
use accounts::limits::ByAddress;
use atproto::did_doc::Service as Entry;
use atproto::{Did, Handle};
use cache::Cache;
use hold::Hold;
use repos::{Error, NewRepo, Repos};
use server::{App, Task};
use url::Url;

use crate::publish::Publisher;
use crate::recent::Recent;
use crate::signed::{Signed, SigningKey};

/// Requests of one address at once, and per second: each token may make this server look up whose it is, and a registry elsewhere asks for
/// every layer of every image of its users.
const CALLS: (u32, f64) = (3000, 200.0);

/// What the service is called in the document of the hold's DID.
pub(crate) const FRAGMENT: &str = "atcr_hold";

/// What it is made of.
pub struct HoldServiceParts {
    /// The hold.
    pub hold: Hold,
    /// Where its repository is at home.
    pub repos: Repos,
    /// Believes tokens.
    pub tokens: Service,
    /// What instances share for a while.
    pub cache: Cache,
    /// Where this server is reached, with its base path.
    pub base_url: Url,
    /// Registries that speak for their users.
    pub trusted_appviews: Vec<Did>,
    /// Signs URLs, on all instances the same.
    pub key: SigningKey,
    /// What `_health` says.
    pub version: &'static str,
}

/// The service. Cheap to clone.
#[derive(Clone)]
pub struct HoldService(pub(crate) Served);

/// The same, as its handlers have it.
#[derive(Clone)]
pub(crate) struct Served(Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) hold: Hold,
    pub(crate) repos: Repos,
    pub(crate) tokens: Service,
    pub(crate) cache: Cache,
    pub(crate) trusted_appviews: Vec<Did>,
    pub(crate) signed: Signed,
    pub(crate) recent: Recent,
    pub(crate) version: &'static str,
}

impl HoldService {
    /// Opens it. The first time, the hold gets a repository of its own.
    pub async fn open(parts: HoldServiceParts) -> Result<Self, Error> {
        let HoldServiceParts { hold, repos, tokens, cache, base_url, trusted_appviews, key, version } = parts;
        settle(&repos, hold.did(), &base_url).await?;
        let signed = Signed::new(key, &base_url);
        let recent = Recent::default();
        Ok(Self(Served(Arc::new(Inner {
            hold,
            repos,
            tokens,
            cache,
            trusted_appviews,
            signed,
            recent,
            version,
        }))))
    }

    /// What the shell mounts, and the task that publishes. What it answers below `com.atproto.sync` is asked through `repos`.
    #[must_use]
    pub fn app(&self) -> App {
        let throttle = Arc::new(ByAddress::new(self.0.cache.clone(), "hold", CALLS));
        let publisher = Publisher::new(&self.0);
        App {
            mounts: self.0.mounts(&throttle),
            tasks: vec![Task::new("hold-records", move |stop| publisher.run(stop))],
            ..App::new("hold")
        }
    }
}

impl std::ops::Deref for Served {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

/// Makes the repository of the hold, unless there is one. Its handle is its host, where that can be one.
async fn settle(repos: &Repos, did: &Did, base_url: &Url) -> Result<(), Error> {
    if repos.document(did.as_str()).is_some() {
        return Ok(());
    }
    let handle = base_url.host_str().and_then(|host| Handle::parse(host).ok());
    let service = Entry {
        fragment: FRAGMENT.to_owned(),
        kind: "AtcrHoldService".to_owned(),
        endpoint: base_url.as_str().trim_end_matches('/').to_owned(),
    };
    let new = NewRepo { services: vec![service], ..NewRepo::new(did.clone(), handle) };
    match repos.create(new).await {
        // Another instance was quicker.
        Err(Error::Taken(name)) if name == did.as_str() => Ok(()),
        made => made,
    }
}
