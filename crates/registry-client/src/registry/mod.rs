//! One registry that is reached over HTTP.

mod answer;
mod call;
mod challenge;
pub(crate) mod link;
mod lists;
mod pull;
mod push;
mod tokens;

use std::collections::HashMap;
use std::sync::Mutex;

use outbound::Outbound;
use url::Url;

pub use challenge::Challenge;
pub use tokens::Credentials;

pub(crate) use self::push::Begun;
use self::tokens::Authorization;
use crate::Error;

/// A registry, asked in somebody's name or in nobody's.
pub struct Registry {
    outbound: Outbound,
    /// Ends with a slash.
    base: Url,
    credentials: Option<Credentials>,
    /// What it took, by what it is good for.
    taken: Mutex<HashMap<String, Authorization>>,
}

impl Registry {
    /// The registry at an address, of which only scheme, host and port count. Nothing is asked yet.
    #[must_use]
    pub fn new(outbound: Outbound, address: &Url, credentials: Option<Credentials>) -> Self {
        let mut base = address.clone();
        base.set_path("/");
        base.set_query(None);
        base.set_fragment(None);
        Self { outbound, base, credentials, taken: Mutex::default() }
    }

    /// `registry.example.com:5000`.
    #[must_use]
    pub fn host(&self) -> String {
        let host = self.base.host_str().unwrap_or_default();
        self.base.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }

    /// The address of something below `/v2/`; names and references are never more than that.
    fn at(&self, path: &str) -> Result<Url, Error> {
        self.base.join(&format!("v2/{path}")).map_err(|_| self.strange(format!("{path:?} is no path")))
    }

    fn strange(&self, why: impl Into<String>) -> Error {
        Error::Strange { host: self.host(), why: why.into() }
    }
}

impl std::fmt::Debug for Registry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Registry").field("base", &self.base.as_str()).finish_non_exhaustive()
    }
}
