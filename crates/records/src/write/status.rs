//! What a host says of an account that it serves or served.

use std::sync::Arc;

use atproto::Did;
use store::{Conn, Database, Role};

use super::apply::lock;
use super::log::Log;
use super::{account, ids};
use crate::{Error, Records, RepoStatus};

impl Records {
    /// Takes a host's word for the status of an account, as of `asked_at` (microseconds); whether it counts. What was
    /// heard later stays, and so does what a relay holds against an account that its host serves.
    pub async fn observe_status(&self, did: &Did, status: RepoStatus, asked_at: i64) -> Result<bool, Error> {
        let (did, projections) = (did.clone(), Arc::clone(&self.projections));
        let index = self.index.with_role(Role::Backfill);
        if self.is_heard(&index, &did, status, asked_at).await? {
            self.ease(&index, None, &did, status).await?;
        }
        let observed = index
            .write(move |conn| {
                lock(conn)?;
                let mut log = Log::open(conn)?;
                if !counts(conn, &did, status, asked_at)? {
                    return Ok::<_, Error>(None);
                }
                account::apply(conn, &did, status, asked_at, &projections, &mut log)?;
                Ok(Some(log.last()))
            })
            .await?;
        if let Some(last_seq) = observed {
            self.announce(last_seq);
        }
        Ok(observed.is_some())
    }

    async fn is_heard(
        &self,
        index: &Database,
        did: &Did,
        status: RepoStatus,
        asked_at: i64,
    ) -> Result<bool, Error> {
        let did = did.clone();
        Ok(index.read(move |conn| counts(conn, &did, status, asked_at)).await?)
    }
}

/// Whether a host's word counts against what is known.
fn counts(conn: &mut Conn<'_>, did: &Did, status: RepoStatus, asked_at: i64) -> Result<bool, store::Error> {
    let known = ids::heard(conn, did.as_str())?;
    Ok(known.is_none_or(|(repo, heard)| {
        heard < asked_at && (status != RepoStatus::Active || ids::may_return(repo.status))
    }))
}
