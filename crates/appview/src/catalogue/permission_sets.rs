//! Permission sets among the lexicons, for those who compare scopes.

use accounts::clients::PermissionSets;
use atproto::Nsid;
use atproto::oauth::scope::PermissionSet;
use futures::FutureExt;
use futures::future::{BoxFuture, ready};

use super::Catalogue;

impl PermissionSets for Catalogue {
    fn permission_set<'a>(&'a self, nsid: &'a Nsid) -> BoxFuture<'a, Option<PermissionSet>> {
        let lexicon = self.get(nsid.as_str());
        // Sessions are registered seldom, and few lexicons are permission sets.
        let set = lexicon.and_then(|lexicon| {
            PermissionSet::parse(lexicon.lexicon().document().to_string().as_bytes()).ok()
        });
        ready(set).boxed()
    }
}
