//! A path prefix and the rules below it.

use std::sync::Arc;

use crate::{Authenticator, ClientClasses, Cors, Credential, ErrorStyle, Hosts, Route, Throttle};

/// Two megabytes: the default of spec/appview.md §3.1.
const DEFAULT_BODY_LIMIT: usize = 2 * 1024 * 1024;

/// A path prefix that belongs to one app, which decides how everything below it behaves.
///
/// A prefix covers itself and what follows it after a `/`; the longest one that covers a path wins. Paths are compared
/// as they arrive, byte by byte: nothing is decoded, merged or trimmed first.
#[derive(Debug)]
pub struct Mount {
    /// Starts with `/` and does not end with one, except the root `/` itself, which covers what nobody else does.
    pub prefix: &'static str,
    /// The shape of error bodies.
    pub errors: ErrorStyle,
    /// The host names it answers under.
    pub hosts: Hosts,
    /// The kinds of credential accepted; any other is refused with 401. A 401 names their schemes.
    pub credentials: &'static [Credential],
    /// Who knows these credentials, where it is not whom the shell asks: an app with accounts of its own.
    pub authenticator: Option<Arc<dyn Authenticator>>,
    /// Who says how often somebody may call; without one, as often as they like.
    pub throttle: Option<Arc<dyn Throttle>>,
    /// Who tells client programs apart in the metrics of its routes, if anybody does.
    pub clients: Option<Arc<dyn ClientClasses>>,
    /// The largest request body in bytes; a route may set its own.
    pub body_limit: usize,
    /// Rules for pages of other origins; without them browsers keep such pages away.
    pub cors: Option<Cors>,
    /// Whether JSON bodies above one kilobyte are compressed for clients that ask for it.
    pub compression: bool,
    /// What is served.
    pub routes: Vec<Route>,
}

impl Mount {
    /// A mount without routes: registered hosts, no credentials, 2 MiB bodies, no cross-origin access, compression on.
    /// Set the other fields with `Mount { cors: …, ..Mount::new(…) }`.
    #[must_use]
    pub const fn new(prefix: &'static str, errors: ErrorStyle) -> Self {
        Self {
            prefix,
            errors,
            hosts: Hosts::Registered,
            credentials: &[],
            authenticator: None,
            throttle: None,
            clients: None,
            body_limit: DEFAULT_BODY_LIMIT,
            cors: None,
            compression: true,
            routes: Vec::new(),
        }
    }

    /// Adds routes whose handlers extract `state`.
    #[must_use]
    pub fn routes<S>(mut self, state: &S, routes: impl IntoIterator<Item = Route<S>>) -> Self
    where
        S: Clone + Send + Sync + 'static,
    {
        self.routes.extend(routes.into_iter().map(|route| route.with_state(state.clone())));
        self
    }
}
