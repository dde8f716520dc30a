//! What is somebody's own, and changed by nobody else.

use atproto::{Did, Nsid, RecordKey};
use records::RepoWrite;
use serde_json::{Map, Value};
use server::Problem;

use super::visit::Visit;
use crate::Repository;
use crate::authors::Author;
use crate::registry::Registry;

impl Registry {
    /// A repository of whoever is signed in, and the way to write to it; 403 for anybody else's.
    pub(super) async fn own(&self, visit: &Visit, name: &str) -> Result<(Repository, Author), Problem> {
        let viewer = visit.viewer()?;
        let repository = self.named(name).await?;
        if repository.owner != *viewer {
            return Err(Problem::forbidden("only its owner changes a repository"));
        }
        let author = self.author(viewer).await?;
        Ok((repository, author))
    }

    /// The way to write for whoever is signed in.
    pub(super) async fn author(&self, viewer: &Did) -> Result<Author, Problem> {
        Ok(self.authors.of_account(viewer).await?)
    }

    pub(super) async fn put(
        &self,
        author: &Author,
        collection: Nsid,
        rkey: RecordKey,
        record: Map<String, Value>,
    ) -> Result<(), Problem> {
        Ok(self.write(author, RepoWrite::Put { collection, rkey, record }).await?)
    }

    /// Deletes records by their keys.
    pub(super) async fn delete_all(
        &self,
        author: &Author,
        collection: &Nsid,
        rkeys: Vec<String>,
    ) -> Result<(), Problem> {
        for rkey in rkeys.iter().filter_map(|rkey| RecordKey::parse(rkey).ok()) {
            let collection = collection.clone();
            self.write(author, RepoWrite::Delete { collection, rkey }).await?;
        }
        Ok(())
    }
}
