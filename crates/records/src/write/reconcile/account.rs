//! Whether the repository of a part is one whose records are shown.

use std::sync::Arc;

use store::{Conn, v};

use super::incoming::Incoming;
use crate::write::ids::Repo;
use crate::write::log::Log;
use crate::write::{account, ids};
use crate::{Error, Projection, RepoStatus};

/// How the account of a part stands.
pub(super) enum Standing {
    /// Its records are stored; whether they are visible is for its status to say.
    Served {
        /// Its row.
        repo: Repo,
        /// Nothing of it was ever here.
        is_new: bool,
    },
    /// It was deleted after the part was asked for: nothing of it may come back.
    Gone,
}

/// Weighs that the host served the part when it was asked against what else was heard of the account.
pub(super) fn stand(
    conn: &mut Conn<'_>,
    part: &Incoming,
    projections: &[Arc<dyn Projection>],
    log: &mut Log,
) -> Result<Standing, Error> {
    let did = part.did.as_str();
    let known = ids::heard(conn, did)?;
    let departed = if known.is_none() { account::departed(conn, did)? } else { None };
    let heard = known.map(|(repo, at)| (repo.status, at)).or(departed);
    let (status, at) = heard.unwrap_or((RepoStatus::Active.code(), 0));
    let is_later = at >= part.asked_at;
    if is_later && status == RepoStatus::Deleted.code() {
        return Ok(Standing::Gone);
    }
    // A host that serves somebody says that they are there.
    let returns = !is_later && ids::may_return(status);
    let settled = if returns { RepoStatus::Active.code() } else { status };
    let Some((repo, _)) = known else {
        if departed.is_some() {
            conn.execute("DELETE FROM departures WHERE did = $1", &[v(did)])?;
        }
        return Ok(Standing::Served { repo: ids::add(conn, did, settled, at)?, is_new: true });
    };
    if settled != status {
        account::apply(conn, &part.did, RepoStatus::Active, part.asked_at, projections, log)?;
    }
    Ok(Standing::Served { repo: Repo { status: settled, ..repo }, is_new: false })
}
