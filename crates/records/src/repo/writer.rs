//! Whoever can change a repository.

use atproto::Did;
use futures::future::BoxFuture;

use super::{RepoAnswer, RepoWrite};

/// A repository that may be written to: by way of a session with its PDS, or because it is at home here.
///
/// [`Records::write`](crate::Records::write) is how to use one, so that what was written is readable at once.
pub trait RepoWriter: Send + Sync {
    /// Why there is no answer at all. A refusal is an answer.
    type Error;

    /// Whose repository it is.
    fn did(&self) -> Did;

    /// Carries a write out and returns the answer, in the wire form of the `com.atproto.repo` method, as it is.
    fn write<'a>(&'a self, write: &'a RepoWrite) -> BoxFuture<'a, Result<RepoAnswer, Self::Error>>;
}
