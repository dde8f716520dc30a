//! Writing to the repository of whoever logged in with an app password.

use atproto::Did;
use futures::future::BoxFuture;
use records::{RepoAnswer, RepoWrite, RepoWriter};

use super::{PasswordError, PasswordSession};

impl RepoWriter for PasswordSession {
    type Error = PasswordError;

    fn did(&self) -> Did {
        Self::did(self)
    }

    fn write<'a>(&'a self, write: &'a RepoWrite) -> BoxFuture<'a, Result<RepoAnswer, PasswordError>> {
        Box::pin(async move {
            let input = write.input(&Self::did(self)).to_string();
            self.call(write.method().as_str(), input.into()).await
        })
    }
}
