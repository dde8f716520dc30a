//! Taking a record out of the view for good.

use atproto::{Did, Nsid, RecordKey, RecordName};
use store::{Conn, v};

use super::Version;
use super::kept::{self, Kept, Reason, What};
use super::standing::{Standing, standing};
use crate::{Error, Records, now_micros};

impl Records {
    /// Takes a record out of the view for good; whether it was there. Its repository is not touched. Should its
    /// author edit it later, the edited version counts as new. A record that is only here is gone.
    ///
    /// `by` names who decided.
    pub async fn delete(
        &self,
        did: &Did,
        collection: &Nsid,
        rkey: &RecordKey,
        by: &str,
    ) -> Result<bool, Error> {
        let name: RecordName = (did.clone(), collection.clone(), rkey.clone());
        match self.decide_to_delete(name, by).await? {
            Some(kept) => self.carry_out(kept).await,
            None => Ok(false),
        }
    }

    /// `None` if it is not there.
    pub(in crate::write) async fn decide_to_delete(
        &self,
        name: RecordName,
        by: &str,
    ) -> Result<Option<Kept>, Error> {
        let asked = name.clone();
        let row = self.index.read(move |conn| standing(conn, &asked)).await?;
        let Some(row) = row.filter(|row| row.is_present) else { return Ok(None) };
        let (new, by) = (decision(name, &row, now_micros()), by.to_owned());
        let kept = self.state.write(move |conn| {
            let (mut new, before) = (new.clone(), kept::find(conn, &new.name)?);
            new.decided_at = kept::moment(before.as_ref(), new.decided_at);
            // What somebody has saved meanwhile goes, too.
            new.version.rev = before.map_or(0, |before| before.version.rev + 1).max(new.version.rev);
            kept::keep(conn, &new, &Reason { by: &by, origin: None })?;
            Ok::<_, store::Error>(new)
        });
        Ok(Some(kept.await?))
    }

    /// Withdraws every record of a collection that was saved here.
    pub(in crate::write) async fn withdraw(&self, collection: &Nsid) -> Result<(), Error> {
        const SQL: &str = "
            UPDATE local_decisions
            SET decision = 'withdrawn', record = NULL, rev = rev + 1,
                decided_at = CASE WHEN decided_at < $2 THEN $2 ELSE decided_at + 1 END
            WHERE collection = $1 AND record IS NOT NULL";
        let (collection, now) = (collection.clone(), now_micros());
        let withdraw =
            move |conn: &mut Conn<'_>| conn.execute(SQL, &[v(collection.as_str()), v(now)]).map(drop);
        Ok(self.state.write(withdraw).await?)
    }
}

/// The decision is about the number after the row's revision, far from that of the next commit (a microsecond has a
/// thousand numbers). A row that was written from here and awaits a hook's decision stands one below its revision, which is
/// meant, too.
fn decision(name: RecordName, row: &Standing, decided_at: i64) -> Kept {
    let is_by_itself = row.version.only_here && row.version.cid.is_none();
    let what = if is_by_itself { What::Withdrawn } else { What::Deleted };
    let version = Version { rev: row.version.rev + 1, ..row.version.clone() };
    Kept { name, what, version, decided_at }
}
