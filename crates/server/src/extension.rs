//! Routes below a prefix that another app owns.

use crate::Route;

/// Routes that an app adds to the mount of another, e.g. to `/admin`.
///
/// The rules stay those of the mount: its error shape, credentials, hosts, cross-origin rules, body limit. Metrics and
/// the route table name the app that adds them.
#[derive(Debug)]
pub struct Extension {
    /// The prefix of the mount, exactly as its owner wrote it.
    pub prefix: &'static str,
    /// What is added.
    pub routes: Vec<Route>,
}

impl Extension {
    /// An extension without routes.
    #[must_use]
    pub const fn new(prefix: &'static str) -> Self {
        Self { prefix, routes: Vec::new() }
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
