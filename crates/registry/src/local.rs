//! People who have an account on this server, as those who let people in ask for them.

use atproto::Did;
use futures::future::{BoxFuture, FutureExt};
use identity::Local as _;
use repos::Directory;

use crate::auth::{Cause, LocalAccounts};

/// Those whose repositories are at home here.
pub(crate) struct Local {
    pub(crate) accounts: repos::LocalAccounts,
    pub(crate) directory: Directory,
}

impl LocalAccounts for Local {
    fn check<'a>(
        &'a self,
        name: &'a str,
        password: &'a str,
    ) -> BoxFuture<'a, Result<Option<(Did, String)>, Cause>> {
        async move { Ok(self.accounts.checked(name, password).await?) }.boxed()
    }

    fn version<'a>(&'a self, did: &'a Did) -> BoxFuture<'a, Result<Option<String>, Cause>> {
        async move { Ok(self.accounts.version(did).await?) }.boxed()
    }

    fn has(&self, did: &Did) -> bool {
        self.directory.by_did(did).is_some()
    }
}
