//! The repository that a write begins with.

use atproto::{Cid, Did, Tid};
use store::{Conn, Row, v};

use crate::directory::Entry;
use crate::{Error, Status};

/// The head of a repository, within a transaction that holds the lock.
pub(crate) struct Base {
    pub(crate) status: Status,
    pub(crate) rev: Tid,
    pub(crate) root: Cid,
    pub(crate) commit: Cid,
}

impl Base {
    /// The head of the repository that the directory knows. One that was replaced since has another key and is not it.
    pub(crate) fn find(conn: &mut Conn<'_>, entry: &Entry) -> Result<Self, Error> {
        const FIND: &str = "
            SELECT status, rev, root, commit_cid FROM repos_repositories WHERE id = $1 AND signing_key = $2";
        let did = &entry.did;
        let row = conn.query_opt(FIND, &[v(entry.id), v(&entry.signing_key)], |row| read(row, did))?;
        row.ok_or_else(|| Error::NotHosted(did.to_string()))
    }
}

fn read(row: &Row<'_>, did: &Did) -> Result<Base, Error> {
    let damaged = || Error::damaged(did, "its head cannot be read");
    Ok(Base {
        status: Status::of_column(row.int(0)?),
        rev: Tid::from_i64(row.int(1)?).ok_or_else(damaged)?,
        root: Cid::parse(row.text(2)?).map_err(|_| damaged())?,
        commit: Cid::parse(row.text(3)?).map_err(|_| damaged())?,
    })
}
