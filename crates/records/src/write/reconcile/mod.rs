//! Making the index agree with what a repository's host says of a part of it.
//!
//! A part names everything that is there between two keys. What the index lacks is added, what differs is replaced, and
//! what is not there any more goes. The revision of the part stands against that of each row, so whatever the stream
//! brought meanwhile stays. A record with the CID that is here already is not touched at all.

mod account;
mod classify;
mod decide;
mod incoming;
mod thin;

use std::sync::Arc;

use faults::crash_point;
use remote::Part;
use store::{Conn, Role};

use super::apply::{carry_out, lock};
use super::ids::{self, Located};
use super::log::Log;
use super::lookup::{self, Existing};
use super::plan::{Equal, plan};
use super::rows;
use crate::event::RecordEvent;
use crate::{Error, Projection, Records, now_micros};
use account::Standing;
use classify::{Known, Local, Verdict};
pub(crate) use decide::is_withheld;
use incoming::Incoming;
pub(super) use incoming::made_at;

/// What a part came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reconciled {
    /// Records of the part, whatever became of them.
    pub present: u64,
    /// Records that were not here.
    pub created: u64,
    /// Records that were here with other content.
    pub updated: u64,
    /// Records that are here as they are there, or are left out by a decision.
    pub unchanged: u64,
    /// Records that were here and are not there.
    pub removed: u64,
    /// Records about which something newer is known here.
    pub stale: u64,
}

/// What else is written in the transaction of the parts: how far a job is, which history is complete. It is given what
/// the parts came to, in their order; an error undoes everything.
pub type Along = Arc<dyn Fn(&mut Conn<'_>, &[Reconciled]) -> Result<(), Error> + Send + Sync>;

impl Records {
    /// Makes the index agree with `parts`, in one transaction that does not keep requests from their connections, and
    /// writes `along`. With `force` every record is written anew, whatever is here at the part's revision or before.
    ///
    /// Hooks and local decisions are obeyed. A new record counts as made when its key says, if the key is a TID.
    pub async fn reconcile(
        &self,
        parts: Vec<Part>,
        force: bool,
        along: Along,
    ) -> Result<Vec<Reconciled>, Error> {
        let parts: Arc<[Incoming]> = self.decide(parts, force).await?.into();
        let index = self.index.with_role(Role::Backfill);
        loop {
            let (taken, projections) = (Arc::clone(&parts), Arc::clone(&self.projections));
            let along = Arc::clone(&along);
            let step = move |conn: &mut Conn<'_>| {
                let done = transaction(conn, &taken, force, &projections, &along)?;
                crash_point!("reconcile.before-commit");
                Ok::<_, Error>(done)
            };
            let done = index.write(step).await?;
            crash_point!("reconcile.after-commit");
            match done {
                Done::All(reconciled, last_seq) => {
                    self.announce(last_seq);
                    return Ok(reconciled);
                }
                // More has to go than one transaction should hold.
                Done::TooMuch(number) => self.thin_out(&index, &parts, number).await?,
            }
        }
    }
}

/// What a transaction came to.
enum Done {
    /// And the log's last number.
    All(Vec<Reconciled>, i64),
    /// Nothing was written: more rows lie within the part of this number than one transaction looks at.
    TooMuch(usize),
}

/// One part while it is worked on.
struct Work<'p> {
    part: &'p Incoming,
    collection_id: i64,
    repo: ids::Repo,
    /// Nothing of the repository was ever here.
    is_new: bool,
}

fn transaction(
    conn: &mut Conn<'_>,
    parts: &[Incoming],
    force: bool,
    projections: &[Arc<dyn Projection>],
    along: &Along,
) -> Result<Done, Error> {
    lock(conn)?;
    let mut log = Log::open(conn)?;
    let now = now_micros();
    let mut reconciled = vec![Reconciled::default(); parts.len()];
    let mut events = Vec::new();
    for (number, part) in parts.iter().enumerate() {
        let counts = &mut reconciled[number];
        counts.present = part.records.len() as u64;
        let standing = account::stand(conn, part, projections, &mut log)?;
        let Standing::Served { repo, is_new } = standing else {
            counts.stale = counts.present;
            continue;
        };
        let collection_id = ids::collection(conn, part.collection.as_str())?;
        let work = Work { part, collection_id, repo, is_new };
        let Some(known) = classify::within(conn, &work)? else { return Ok(Done::TooMuch(number)) };
        work.judge(known, force, now, counts, &mut events);
    }
    write(conn, &events, force, projections, &mut log)?;
    along(conn, &reconciled)?;
    Ok(Done::All(reconciled, log.last()))
}

/// An event about a row, and whether the row is there.
struct Judged {
    event: RecordEvent,
    collection_id: i64,
    repo: ids::Repo,
    exists: bool,
}

impl Judged {
    fn located(&self) -> Located<'_> {
        Located { event: &self.event, collection_id: self.collection_id, repo: self.repo }
    }
}

impl Work<'_> {
    /// Turns the difference between the part and what is `known` into events.
    fn judge(
        &self,
        known: Vec<Known>,
        force: bool,
        now: i64,
        counts: &mut Reconciled,
        events: &mut Vec<Judged>,
    ) {
        let mut known: std::collections::HashMap<_, _> =
            known.into_iter().map(|row| (row.rkey.clone(), row)).collect();
        for record in &self.part.records {
            let row = known.remove(record.rkey.as_str());
            let verdict = classify::judge(row.as_ref(), record.cid, self.part, force);
            counts.count(verdict);
            if verdict.is_written() {
                events.push(self.judged(record.event(self.part, now), row.is_some()));
            }
        }
        // What is left is here and not there.
        for row in known.into_values().filter(|row| row.present && row.local != Some(Local::OnlyHere)) {
            if row.is_newer_than(self.part) && !faults::mutant!("records-listing-deletes-newer") {
                counts.stale += 1;
                continue;
            }
            if let Some(event) = self.part.deletion(&row.rkey, now) {
                counts.removed += 1;
                events.push(self.judged(event, true));
            }
        }
    }

    fn judged(&self, event: RecordEvent, exists: bool) -> Judged {
        Judged { event, collection_id: self.collection_id, repo: self.repo, exists }
    }
}

/// Carries out what was judged.
fn write(
    conn: &mut Conn<'_>,
    judged: &[Judged],
    force: bool,
    projections: &[Arc<dyn Projection>],
    log: &mut Log,
) -> Result<(), Error> {
    if judged.is_empty() {
        return Ok(());
    }
    let located: Vec<Located<'_>> = judged.iter().map(Judged::located).collect();
    let known: Vec<Located<'_>> = judged.iter().filter(|judged| judged.exists).map(Judged::located).collect();
    let mut existing = lookup::existing(conn, &known)?;
    // Of the others it is known that there is nothing.
    let new = located.iter().zip(judged).filter(|(_, judged)| !judged.exists);
    existing.extend(new.map(|(located, _)| (located.key(), None::<Existing>)));
    let equal = if force { Equal::Newer } else { Equal::Stale };
    let plan = plan(&located, existing, rows::next_id(conn)?, equal);
    carry_out(conn, &plan, projections, log)
}

impl Reconciled {
    fn count(&mut self, verdict: Verdict) {
        let counter = match verdict {
            Verdict::New => &mut self.created,
            Verdict::Changed => &mut self.updated,
            Verdict::Same => &mut self.unchanged,
            Verdict::Newer => &mut self.stale,
        };
        *counter += 1;
    }
}
