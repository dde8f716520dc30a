//! The accounts.

use atproto::{Did, Handle};
use passwords::Hasher;
use store::{Row, v};

use crate::{Error, NewRepo, Repos, events};

/// Who signs in here. Cheap to clone; clones take the same turns.
#[derive(Clone, Debug)]
pub struct LocalAccounts {
    repos: Repos,
    hasher: Hasher,
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalAccount {
    /// The permanent name: `did:web:` and the handle that it was made with.
    pub did: Did,
    /// What they sign in with.
    pub handle: Handle,
    /// When it was made, in microseconds.
    pub created_at: i64,
}

/// Reads `created_at, updated_at`, from that column on.
fn version(row: &Row<'_>, first: usize) -> Result<String, store::Error> {
    Ok(format!("{}.{}", row.int(first)?, row.int(first + 1)?))
}

impl LocalAccounts {
    /// Those of these repositories.
    #[must_use]
    pub fn new(repos: &Repos) -> Self {
        Self { repos: repos.clone(), hasher: Hasher::default() }
    }

    /// Makes an account and its empty repository, at once.
    pub async fn create(&self, handle: &Handle, password: &str) -> Result<Did, Error> {
        let did = Did::parse(&format!("did:web:{handle}"));
        let did = did.map_err(|error| Error::InvalidRecord(error.to_string()))?;
        let hash = self.hasher.hash(password).await?;
        let prepared = self.repos.prepare(NewRepo::new(did.clone(), Some(handle.clone())))?;
        let created = self.repos.change(move |conn, now| {
            let id = prepared.insert(conn, now)?;
            let insert = "INSERT INTO repos_accounts (repo_id, password_hash, created_at, updated_at)
                          VALUES ($1, $2, $3, $3)";
            Ok(conn.execute(insert, &[v(id), v(&hash), v(now)]).map(drop)?)
        });
        created.await?;
        Ok(did)
    }

    /// Whose handle and password these are. That there is no such handle is not told from a wrong password, neither by the
    /// answer nor by how long it takes.
    pub async fn check(&self, name: &str, password: &str) -> Result<Option<Did>, Error> {
        Ok(self.checked(name, password).await?.map(|(did, _)| did))
    }

    /// The same, with the [version](Self::version) of the password.
    pub async fn checked(&self, name: &str, password: &str) -> Result<Option<(Did, String)>, Error> {
        const FIND: &str = "
            SELECT r.did, a.password_hash, a.created_at, a.updated_at FROM repos_accounts a
            JOIN repos_repositories r ON r.id = a.repo_id
            WHERE (r.handle = $1 OR r.did = $1) AND r.status = 0";
        let name = name.trim_start_matches('@').to_ascii_lowercase();
        let found = self.repos.shared.state.read_brief(move |conn| {
            conn.query_opt(FIND, &[v(&name)], |row| {
                Ok::<_, Error>(((row.string(0)?, version(row, 2)?), row.string(1)?))
            })
        });
        let (account, hash) = found.await?.unzip();
        let is_right = self.hasher.verify(password, hash).await?;
        let account = account.filter(|_| is_right);
        Ok(account.and_then(|(did, version)| Some((Did::parse(&did).ok()?, version))))
    }

    /// Which password of which account it is that a DID has now: another one is another text. Nothing if it has none, or is not served.
    pub async fn version(&self, did: &Did) -> Result<Option<String>, Error> {
        const FIND: &str = "
            SELECT a.created_at, a.updated_at FROM repos_accounts a
            JOIN repos_repositories r ON r.id = a.repo_id WHERE r.did = $1 AND r.status = 0";
        let did = did.clone();
        let found = self.repos.shared.state.read_brief(move |conn| {
            conn.query_opt(FIND, &[v(did.as_str())], |row| Ok::<_, Error>(version(row, 0)?))
        });
        found.await
    }

    /// Gives somebody another password.
    pub async fn set_password(&self, did: &Did, password: &str) -> Result<(), Error> {
        let hash = self.hasher.hash(password).await?;
        let entry = self.repos.hosted(did)?;
        let update = "UPDATE repos_accounts SET password_hash = $2, updated_at = $3 WHERE repo_id = $1";
        let written = self.repos.shared.state.write(move |conn| {
            events::lock(conn)?;
            let changed = conn.execute(update, &[v(entry.id), v(&hash), v(clock::now_micros())])?;
            Ok::<_, Error>(changed)
        });
        match written.await? {
            0 => Err(Error::NotHosted(did.to_string())),
            _ => Ok(()),
        }
    }

    /// All of them, by handle.
    pub async fn list(&self) -> Result<Vec<LocalAccount>, Error> {
        const LIST: &str = "
            SELECT r.did, r.handle, a.created_at FROM repos_accounts a
            JOIN repos_repositories r ON r.id = a.repo_id WHERE r.handle IS NOT NULL ORDER BY r.handle";
        let rows = self.repos.shared.state.read(|conn| {
            conn.query(LIST, &[], |row| {
                let names = Did::parse(row.text(0)?).ok().zip(Handle::parse(row.text(1)?).ok());
                let created_at = row.int(2)?;
                Ok::<_, Error>(names.map(|(did, handle)| LocalAccount { did, handle, created_at }))
            })
        });
        Ok(rows.await?.into_iter().flatten().collect())
    }

    /// Removes an account with its repository and everything in it.
    pub async fn remove(&self, did: &Did) -> Result<(), Error> {
        self.repos.delete(did).await
    }
}
