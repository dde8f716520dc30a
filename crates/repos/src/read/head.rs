//! What a repository is now, and which there are.

use atproto::{Cid, Did, Handle, Nsid, Tid};
use store::{Row, v};

use crate::{CommitId, Error, Repos, Status};

/// Repositories of one page at most.
const MAX_LIMIT: u32 = 1000;

/// The last commit of a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Its name and revision.
    pub commit: CommitId,
    /// The signed block.
    pub block: Vec<u8>,
    /// The root of the tree of records.
    pub root: Cid,
}

/// Who somebody is and what they have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Description {
    /// The permanent name.
    pub did: Did,
    /// The other one.
    pub handle: Option<Handle>,
    /// `did.json`.
    pub document: String,
    /// Those that have records, in order.
    pub collections: Vec<Nsid>,
}

/// A repository in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RepoStatus {
    /// Whose.
    pub did: Did,
    /// The last commit.
    pub commit: CommitId,
    /// Whether it is served.
    pub status: Status,
}

/// Some repositories.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RepoPage {
    /// In the order in which they were made.
    pub repos: Vec<RepoStatus>,
    /// Where the next page begins, if there may be one.
    pub next: Option<i64>,
}

impl Repos {
    /// The last commit.
    pub async fn head(&self, did: &Did) -> Result<Head, Error> {
        const FIND: &str = "SELECT commit_cid, rev, commit_block, root FROM repos_repositories WHERE id = $1";
        let entry = self.hosted(did)?;
        entry.served()?;
        let found = self.shared.state.read_brief(move |conn| {
            conn.query_opt(FIND, &[v(entry.id)], |row| {
                let commit = commit(row, 0, &entry.did)?;
                let damaged = |_| Error::damaged(&entry.did, "its root cannot be read");
                let root = Cid::parse(row.text(3)?).map_err(damaged)?;
                Ok::<_, Error>(Head { commit, block: row.blob(2)?.to_vec(), root })
            })
        });
        found.await?.ok_or_else(|| Error::NotHosted(did.to_string()))
    }

    /// Who it is, and which collections it has. One step of an index for each of these, however many records there are.
    pub async fn describe(&self, did: &Did) -> Result<Description, Error> {
        const COLLECTIONS: &str = "
            WITH RECURSIVE found (name) AS (
                SELECT MIN(collection) FROM repos_records WHERE repo_id = $1
                UNION ALL
                SELECT (SELECT MIN(r.collection) FROM repos_records r
                        WHERE r.repo_id = $1 AND r.collection > found.name)
                FROM found WHERE found.name IS NOT NULL
            )
            SELECT name FROM found WHERE name IS NOT NULL";
        let entry = self.hosted(did)?;
        entry.served()?;
        let id = entry.id;
        let names = self.shared.state.read(move |conn| {
            conn.query(COLLECTIONS, &[v(id)], |row| Ok::<_, Error>(Nsid::parse(row.text(0)?).ok()))
        });
        let collections = names.await?.into_iter().flatten().collect();
        let (did, handle, document) = (entry.did.clone(), entry.handle.clone(), entry.document.clone());
        Ok(Description { did, handle, document, collections })
    }

    /// Whether a repository is served, and its last commit.
    pub async fn status(&self, did: &Did) -> Result<RepoStatus, Error> {
        let entry = self.hosted(did)?;
        let page = self.page(entry.id - 1, 1).await?;
        let found = page.repos.into_iter().next().filter(|repo| repo.did == *did);
        found.ok_or_else(|| Error::NotHosted(did.to_string()))
    }

    /// All repositories, page by page: those behind `after`, the [`next`](RepoPage::next) of the page before.
    pub async fn page(&self, after: i64, limit: u32) -> Result<RepoPage, Error> {
        const PAGE: &str = "
            SELECT commit_cid, rev, id, did, status FROM repos_repositories WHERE id > $1 ORDER BY id LIMIT $2";
        let limit = limit.clamp(1, MAX_LIMIT);
        let page = self.shared.state.read(move |conn| {
            conn.query(PAGE, &[v(after), v(limit)], |row| {
                let did = row.text(3)?;
                let did = Did::parse(did).map_err(|_| Error::NotHosted(did.to_owned()))?;
                let commit = commit(row, 0, &did)?;
                Ok::<_, Error>((
                    row.int(2)?,
                    RepoStatus { did, commit, status: Status::of_column(row.int(4)?) },
                ))
            })
        });
        let rows = page.await?;
        let next = rows.last().filter(|_| rows.len() >= limit as usize).map(|(id, _)| *id);
        Ok(RepoPage { repos: rows.into_iter().map(|(_, repo)| repo).collect(), next })
    }
}

/// Of two columns in a row.
fn commit(row: &Row<'_>, column: usize, did: &Did) -> Result<CommitId, Error> {
    let damaged = || Error::damaged(did, "its commit cannot be read");
    Ok(CommitId {
        cid: Cid::parse(row.text(column)?).map_err(|_| damaged())?,
        rev: Tid::from_i64(row.int(column + 1)?).ok_or_else(damaged)?,
    })
}
