//! The contract between the shell and whoever says how often somebody may call.

use std::fmt;

use futures::future::BoxFuture;
use http::{HeaderMap, request::Parts};

use crate::Problem;

/// Lets requests of a mount through or asks their callers to slow down.
///
/// Asked for every request that its route admits, after the caller is known and before anything is read of the body. The
/// [`Caller`](crate::Caller) and the [`ClientAddress`](crate::ClientAddress) are in the extensions of `parts`.
pub trait Throttle: fmt::Debug + Send + Sync + 'static {
    /// Headers for the response, whatever becomes of the request, or the problem to answer with in its place.
    fn admit<'a>(&'a self, parts: &'a mut Parts) -> BoxFuture<'a, Result<HeaderMap, Problem>>;
}
