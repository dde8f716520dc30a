//! Writing to the repository of a session's user.

use atproto::Did;
use futures::future::BoxFuture;
use records::{RepoAnswer, RepoWrite, RepoWriter};

use super::{PdsAnswer, PdsCall, PdsError, PdsSession};

impl RepoWriter for PdsSession {
    type Error = PdsError;

    fn did(&self) -> Did {
        Self::did(self)
    }

    fn write<'a>(&'a self, write: &'a RepoWrite) -> BoxFuture<'a, Result<RepoAnswer, PdsError>> {
        Box::pin(async move {
            let call = PdsCall::procedure(write.method()).json(&write.input(&Self::did(self)));
            let PdsAnswer { status, headers, body } = self.call(&call).await?;
            Ok(RepoAnswer { status, headers, body })
        })
    }
}
