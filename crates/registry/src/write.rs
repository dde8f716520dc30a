//! Writing records of owners, so that what was written is there for the next request.

use records::RepoWrite;

use crate::authors::{Author, AuthorError};
use crate::load::unknowable;
use crate::refusal::Refusal;
use crate::registry::Registry;

impl Registry {
    /// Carries a write out. When this returns, the index says the same as the repository.
    pub(crate) async fn write(&self, author: &Author, write: RepoWrite) -> Result<(), Refusal> {
        let written = self.records.write(author, &write).await?;
        if !written.answer.status.is_success() {
            return Err(AuthorError::refused(&written.answer).into());
        }
        match written.confirmed {
            Some(_) => Ok(()),
            // It may have been done; who asks does it once more.
            None => Err(unknowable()),
        }
    }
}
