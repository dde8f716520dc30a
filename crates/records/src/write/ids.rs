//! From names to the numbers the tables use.

use std::collections::{BTreeSet, HashMap};

use store::{Conn, Engine, Error, v};

use crate::RepoStatus;
use crate::event::RecordEvent;

/// An event and where it belongs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Located<'e> {
    pub(super) event: &'e RecordEvent,
    pub(super) collection_id: i64,
    pub(super) repo: Repo,
}

/// A row of `repos`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Repo {
    pub(crate) id: i64,
    pub(super) status: i64,
}

impl Repo {
    pub(crate) fn is_active(self) -> bool {
        self.status == RepoStatus::Active.code()
    }

    pub(super) fn is_deleted(self) -> bool {
        self.status == RepoStatus::Deleted.code()
    }
}

/// Whether it is for the host alone to say that a repository with this status is served again. Others, a relay, may have
/// reasons of their own.
pub(super) fn may_return(status: i64) -> bool {
    let away = [RepoStatus::Active, RepoStatus::Deactivated, RepoStatus::Deleted, RepoStatus::Other];
    away.iter().any(|away| away.code() == status)
}

/// Gives every repository and collection of `events` its number, making new ones.
pub(super) fn locate<'e>(conn: &mut Conn<'_>, events: &[&'e RecordEvent]) -> Result<Vec<Located<'e>>, Error> {
    let repos = repos(conn, events)?;
    let mut collections = HashMap::new();
    events
        .iter()
        .map(|&event| {
            let nsid = event.collection.as_str();
            let collection_id = match collections.get(nsid) {
                Some(id) => *id,
                None => {
                    let id = collection(conn, nsid)?;
                    collections.insert(nsid, id);
                    id
                }
            };
            Ok(Located { event, collection_id, repo: repos[event.did.as_str()] })
        })
        .collect()
}

/// The collection, made if it is new.
pub(crate) fn collection(conn: &mut Conn<'_>, nsid: &str) -> Result<i64, Error> {
    const FIND: &str = "SELECT id FROM collections WHERE nsid = $1";
    const ADD: &str = "INSERT INTO collections (nsid) VALUES ($1) RETURNING id";
    match conn.query_opt(FIND, &[v(nsid)], |row| row.int(0))? {
        Some(id) => Ok(id),
        None => conn.query_one(ADD, &[v(nsid)], |row| row.int(0)),
    }
}

fn repos<'e>(conn: &mut Conn<'_>, events: &[&'e RecordEvent]) -> Result<HashMap<&'e str, Repo>, Error> {
    let dids: BTreeSet<&'e str> = events.iter().map(|event| event.did.as_str()).collect();
    match conn.engine() {
        Engine::Sqlite => dids.into_iter().map(|did| Ok((did, repo(conn, did)?))).collect(),
        Engine::Postgres => {
            let list: Vec<Option<&str>> = dids.iter().copied().map(Some).collect();
            conn.execute(
                "INSERT INTO repos (did) SELECT unnest($1::text[]) ON CONFLICT DO NOTHING",
                &[v(list.as_slice())],
            )?;
            let mut repos = HashMap::with_capacity(dids.len());
            conn.for_each(
                "SELECT id, status, did FROM repos WHERE did = ANY($1::text[])",
                &[v(list.as_slice())],
                |row| {
                    if let Some(did) = dids.get(row.text(2)?) {
                        repos.insert(*did, read(row)?);
                    }
                    Ok::<_, Error>(())
                },
            )?;
            Ok(repos)
        }
    }
}

/// The repository, made if it is new.
pub(crate) fn repo(conn: &mut Conn<'_>, did: &str) -> Result<Repo, Error> {
    const ADD: &str = "INSERT INTO repos (did) VALUES ($1) RETURNING id, status";
    match find(conn, did)? {
        Some(repo) => Ok(repo),
        None => conn.query_one(ADD, &[v(did)], read),
    }
}

/// The repository, if anything of it was ever here.
pub(super) fn find(conn: &mut Conn<'_>, did: &str) -> Result<Option<Repo>, Error> {
    conn.query_opt("SELECT id, status FROM repos WHERE did = $1", &[v(did)], read)
}

/// The same, and when its status was heard of last, in microseconds.
pub(super) fn heard(conn: &mut Conn<'_>, did: &str) -> Result<Option<(Repo, i64)>, Error> {
    let sql = "SELECT id, status, status_at FROM repos WHERE did = $1";
    conn.query_opt(sql, &[v(did)], |row| Ok((read(row)?, row.int(2)?)))
}

/// A repository of which nothing was here, with what has been heard of it.
pub(super) fn add(conn: &mut Conn<'_>, did: &str, status: i64, heard_at: i64) -> Result<Repo, Error> {
    let sql = "INSERT INTO repos (did, status, status_at) VALUES ($1, $2, $3) RETURNING id, status";
    conn.query_one(sql, &[v(did), v(status), v(heard_at)], read)
}

fn read(row: &store::Row<'_>) -> Result<Repo, Error> {
    Ok(Repo { id: row.int(0)?, status: row.int(1)? })
}
