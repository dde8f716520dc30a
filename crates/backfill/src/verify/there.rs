//! What the host of a repository has of it.

use atproto::{Did, Nsid};
use remote::{Kind, Mode, Reading, Remote, RemoteError};

use super::compare::Versions;

/// Everything in these collections, proven by the author's signature. A repository that its host does not serve has
/// nothing that anybody should see.
pub(super) async fn read(remote: &Remote, did: &Did, collections: &[Nsid]) -> Result<Versions, RemoteError> {
    match all(remote, did, collections).await {
        Err(error) if matches!(error.kind(), Kind::Gone(_)) => Ok(Versions::new()),
        outcome => outcome,
    }
}

async fn all(remote: &Remote, did: &Did, collections: &[Nsid]) -> Result<Versions, RemoteError> {
    let home = remote.locate(did).await?;
    let reading = Reading { collections: collections.to_vec(), from: None, mode: Mode::Auto, verified: true };
    let mut reader = remote.read(&home, reading);
    let mut versions = Versions::new();
    while let Some((part, _)) = reader.next().await? {
        let found = part.records.into_iter();
        versions.extend(found.map(|found| ((part.collection.clone(), found.rkey), found.cid)));
    }
    Ok(versions)
}
