//! Permission sets that this server knows.

use atproto::{Nsid, oauth::scope::PermissionSet};
use futures::future::BoxFuture;

/// Whoever knows lexicons can say what an `include:` scope stands for.
pub trait PermissionSets: Send + Sync + 'static {
    /// The permission set that is published under this name, if it is known here. Nobody is asked for it.
    fn permission_set<'a>(&'a self, nsid: &'a Nsid) -> BoxFuture<'a, Option<PermissionSet>>;
}
