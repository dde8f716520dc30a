//! Whether a repository is served, and what becomes of it otherwise.

use std::sync::Arc;

use atproto::car::CarWriter;
use atproto::firehose;
use atproto::repo::Commit;
use atproto::{Did, Handle};
use store::{Conn, v};

use crate::directory::Entry;
use crate::events::{self, Kind};
use crate::write::{Base, next_rev, stamp};
use crate::{Error, Repos};

/// Whether a repository is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It is, and can be written to.
    Active,
    /// Everything is kept, nothing is shown.
    Deactivated,
}

impl Status {
    /// What `#account` and `getRepoStatus` say of one that is not served.
    pub(crate) fn reason(self) -> Option<&'static str> {
        match self {
            Self::Active => None,
            Self::Deactivated => Some("deactivated"),
        }
    }

    pub(crate) fn of_column(column: i64) -> Self {
        if column == 0 { Self::Active } else { Self::Deactivated }
    }

    fn column(self) -> i64 {
        match self {
            Self::Active => 0,
            Self::Deactivated => 1,
        }
    }
}

impl Repos {
    /// Stops serving a repository, or serves it again. Either way it gets a new revision, so that what is known of it elsewhere
    /// is older.
    pub async fn set_status(&self, did: &Did, status: Status) -> Result<(), Error> {
        let entry = self.hosted(did)?;
        let key = entry.key(&*self.shared.sealing)?;
        self.change(move |conn, now| {
            let base = Base::find(conn, &entry)?;
            if base.status == status {
                return Ok(());
            }
            let did = &entry.did;
            let rev = next_rev(now, Some(base.rev));
            let signed = Commit { did: did.clone(), rev, data: base.root }.sign(&key);
            conn.execute(
                "UPDATE repos_repositories
                 SET status = $2, rev = $3, commit_cid = $4, commit_block = $5, updated_at = $6 WHERE id = $1",
                &[
                    v(entry.id),
                    v(status.column()),
                    v(rev.as_i64()),
                    v(&signed.cid.to_string()),
                    v(&signed.block),
                    v(now),
                ],
            )?;
            let time = stamp(now);
            events::append(conn, did, Kind::Account, rev, "", now, |seq| {
                firehose::account(seq, did, &time, status.reason())
            })?;
            if status == Status::Active {
                let mut car = CarWriter::new(&signed.cid);
                car.block(&signed.cid, &signed.block);
                let car = car.take();
                events::append(conn, did, Kind::Sync, rev, "", now, |seq| {
                    firehose::sync(seq, did, &time, rev, &car)
                })?;
            }
            Ok(())
        })
        .await
    }

    /// Removes a repository with everything in it. Its DID can be used again.
    pub async fn delete(&self, did: &Did) -> Result<(), Error> {
        let entry = self.hosted(did)?;
        self.change(move |conn, now| {
            let base = Base::find(conn, &entry)?;
            conn.execute("DELETE FROM repos_repositories WHERE id = $1", &[v(entry.id)])?;
            let (did, rev, time) = (&entry.did, next_rev(now, Some(base.rev)), stamp(now));
            let frame = |seq| firehose::account(seq, did, &time, Some("deleted"));
            events::append(conn, did, Kind::Account, rev, "", now, frame)
        })
        .await
    }

    /// Gives a repository another handle, or none. That the handle leads here is for DNS to say, unless this server's own
    /// resolver is asked.
    pub async fn set_handle(&self, did: &Did, handle: Option<Handle>) -> Result<(), Error> {
        let entry = self.hosted(did)?;
        self.change(move |conn, now| {
            let base = Base::find(conn, &entry)?;
            let name = handle.as_ref().map(Handle::as_str);
            let holder = "SELECT 1 FROM repos_repositories WHERE handle = $1 AND id <> $2";
            if let Some(name) = name
                && conn.query_opt(holder, &[v(name), v(entry.id)], |row| row.int(0))?.is_some()
            {
                return Err(Error::Taken(name.to_owned()));
            }
            let update = "UPDATE repos_repositories SET handle = $2, updated_at = $3 WHERE id = $1";
            conn.execute(update, &[v(entry.id), v(name), v(now)])?;
            let (did, time) = (&entry.did, stamp(now));
            events::append(conn, did, Kind::Identity, base.rev, "", now, |seq| {
                firehose::identity(seq, did, &time, handle.as_ref())
            })
        })
        .await
    }

    /// Changes who somebody is, in one transaction that is here in memory when this returns.
    pub(crate) async fn change<F>(&self, f: F) -> Result<(), Error>
    where
        F: Fn(&mut Conn<'_>, i64) -> Result<(), Error> + Send + 'static,
    {
        let written = self.shared.state.write(move |conn| {
            events::lock(conn)?;
            f(conn, clock::now_micros())?;
            let sql = "UPDATE repos_sequence SET directory = directory + 1 WHERE id = 1 RETURNING seq";
            Ok::<_, Error>(conn.query_one(sql, &[], |row| row.int(0))?)
        });
        let seq = written.await?;
        self.refresh().await?;
        self.announce(seq);
        Ok(())
    }

    pub(crate) fn hosted(&self, did: &Did) -> Result<Arc<Entry>, Error> {
        self.shared.directory.find(did.as_str()).ok_or_else(|| Error::NotHosted(did.to_string()))
    }
}
