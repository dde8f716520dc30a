//! Settings of the resolver.

use std::sync::Arc;
use std::time::Duration;

use url::Url;

use crate::Local;

/// Settings of the resolver.
#[derive(Clone, Debug)]
pub struct ResolverConfig {
    /// The directory of `did:plc`.
    pub plc_url: Url,
    /// Accept what exists only in development networks: `.test` handles, and `did:web:localhost` over HTTP.
    pub dev: bool,
    /// In development, a server to ask for `.test` handles that DNS does not know. It is asked the way the handle's
    /// own host would be (`/.well-known/atproto-did`), with the handle as `Host`; a PDS answers that for its
    /// accounts.
    pub test_handles: Option<Url>,
    /// Who is at home here, if anybody is: asked first, about every name, and never remembered.
    pub local: Option<Arc<dyn Local>>,
    /// How long an answer is taken for current.
    pub refresh_after: Duration,
    /// How long, counted from when it was current, an answer may stand in for a source that is down.
    pub stale_for: Duration,
    /// How long "does not exist" and "cannot be believed" are remembered.
    pub negative_ttl: Duration,
    /// How long a source that was down is not asked about the same name again.
    pub failure_ttl: Duration,
    /// How old a document must be to be refreshed on suspicion. Forged signatures are free; this keeps each from
    /// costing the directory a request.
    pub refresh_floor: Duration,
    /// Number of DIDs, of handles, and of lexicon authorities remembered, each.
    pub capacity: u64,
}

impl ResolverConfig {
    /// The usual settings with this directory of `did:plc`.
    #[must_use]
    pub fn new(plc_url: Url) -> Self {
        Self {
            plc_url,
            dev: false,
            test_handles: None,
            local: None,
            refresh_after: Duration::from_hours(1),
            stale_for: Duration::from_hours(24),
            negative_ttl: Duration::from_mins(1),
            failure_ttl: Duration::from_secs(5),
            refresh_floor: Duration::from_secs(5),
            capacity: 100_000,
        }
    }
}

impl Default for ResolverConfig {
    /// The public directory.
    fn default() -> Self {
        #[expect(clippy::expect_used, reason = "a constant that is a URL")]
        Self::new(Url::parse("https://plc.directory").expect("a URL"))
    }
}
