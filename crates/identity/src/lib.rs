//! DIDs, handles and DID documents, resolved and cached.

/// Placeholder signature until the resolver lands.
#[derive(Clone, Debug)]
pub struct Resolver;
impl Resolver {
    /// Drops what is cached about `did`.
    pub async fn invalidate(&self, _did: &atproto::Did) {}
}
/// Placeholder.
#[derive(Default, Debug)]
pub struct ResolverConfig;
impl Resolver {
    /// Placeholder.
    #[must_use]
    pub fn new(_outbound: outbound::Outbound, _config: ResolverConfig) -> Self {
        Self
    }
}
