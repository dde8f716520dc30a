//! What the microblog asks of other servers; answered by whoever speaks with them.

use futures::future::BoxFuture;

use crate::{Error, Id};

/// Finds what is not here, and keeps it (spec/social.md §4.12, §5.4). Without federation nothing is elsewhere.
pub trait Elsewhere: Send + Sync + 'static {
    /// The person of a handle (`bob@host`, with or without `@` in front) or of an actor's address, from here or from their server.
    fn person<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<Id, Error>>;

    /// The thought at an address, from here or from its server.
    fn thought<'a>(&'a self, address: &'a str) -> BoxFuture<'a, Result<Id, Error>>;

    /// The actor at an address as their server describes them now.
    fn anew<'a>(&'a self, address: &'a str) -> BoxFuture<'a, Result<Id, Error>>;

    /// Something was changed here, and perhaps there is an event to take up. Does not wait.
    fn happened(&self);

    /// What waits to be sent can be sent now. Does not wait.
    fn send_now(&self);

    /// Somebody looks at what this person wrote, or at whom they know: what is here may be brought up to date behind it. Does not wait.
    fn looked_at(&self, user: Id);
}
