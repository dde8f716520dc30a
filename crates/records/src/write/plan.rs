//! The rules: which event counts, and what the rows look like afterwards.
//!
//! Pure: the same events over the same rows give the same plan, so the rules can be tested without a database, and
//! events about one record are folded before anything is written.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::ids::Located;
use super::log::{Action, Change};
use super::lookup::{Existing, Key};
use crate::RecordAction;

/// The difference a run of events makes.
#[derive(Debug, Default)]
pub(super) struct Plan<'e> {
    /// Rows to write, in the order of their key: that is how the table's index wants them.
    pub(super) rows: Vec<RowChange<'e>>,
    pub(super) added_links: BTreeSet<Link>,
    pub(super) removed_links: BTreeSet<Link>,
    /// By collection, the difference in visible records.
    pub(super) counts: BTreeMap<i64, i64>,
    /// For the log, in the order of events.
    pub(super) changes: Vec<Change<'e>>,
    /// Rows, by number, that stay as they are at another revision: what was delivered is what is replaced here.
    pub(super) adopted: Vec<(i64, i64)>,
    pub(super) stale: u64,
    pub(super) of_deleted: u64,
}

/// A row of `backlinks`: target, collection of the source, row of the source.
pub(super) type Link = (String, i64, i64);

/// One row before and after.
#[derive(Debug)]
pub(super) struct RowChange<'e> {
    pub(super) first: Located<'e>,
    pub(super) id: i64,
    /// `None` if the row is new.
    pub(super) before: Option<Existing>,
    pub(super) rev: i64,
    pub(super) content: Option<Content<'e>>,
    /// Of the version that is left out by a decision: kept in its tombstone, so that it is known again.
    pub(super) withheld: Option<atproto::Cid>,
    pub(super) visible: bool,
    pub(super) created_at: i64,
    pub(super) indexed_at: i64,
}

/// What a record that is present consists of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Content<'e> {
    pub(super) json: &'e str,
    pub(super) cid: Option<atproto::Cid>,
    pub(super) refs: &'e [String],
}

/// What an event means whose revision is that of the row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Equal {
    /// A commit touches a record once: the same event again.
    Stale,
    /// The record is to be written anew, whatever is here.
    Newer,
}

/// Folds `events` over the `existing` rows. New rows are numbered from `next_id`.
pub(super) fn plan<'e>(
    events: &'e [Located<'e>],
    mut existing: HashMap<Key<'e>, Option<Existing>>,
    next_id: i64,
    equal: Equal,
) -> Plan<'e> {
    let mut plan = Plan::default();
    let mut slots: BTreeMap<Key<'e>, Slot<'e>> = BTreeMap::new();
    for located in events {
        if located.repo.is_deleted() && !faults::mutant!("records-deleted-account-stored") {
            plan.of_deleted += 1;
            continue;
        }
        let slot = slots
            .entry(located.key())
            .or_insert_with(|| Slot::new(*located, existing.remove(&located.key()).flatten()));
        match slot.take(located, equal) {
            Taken::Stale => plan.stale += 1,
            Taken::Silent => {}
            Taken::Logged(change) => plan.changes.push(change),
        }
    }
    plan.rows.reserve(slots.len());
    let mut next_id = next_id;
    plan.adopted.extend(slots.values().filter_map(Slot::adopted));
    for slot in slots.into_values().filter(|slot| slot.touched) {
        let row = slot.finish(&mut next_id);
        plan.count(&row);
        plan.link(&row);
        plan.rows.push(row);
    }
    plan
}

impl<'e> Plan<'e> {
    /// The local rows that become something else.
    pub(super) fn ended(&self) -> impl Iterator<Item = Key<'_>> {
        let is_local = |row: &&RowChange<'e>| row.before.as_ref().is_some_and(|row| row.local.is_some());
        self.rows.iter().filter(is_local).map(|row| row.first.key())
    }

    fn count(&mut self, row: &RowChange<'e>) {
        let before = row.before.as_ref().is_some_and(|before| before.visible);
        let difference = i64::from(row.visible) - i64::from(before);
        if difference != 0 {
            *self.counts.entry(row.first.collection_id).or_default() += difference;
        }
    }

    fn link(&mut self, row: &RowChange<'e>) {
        let old =
            row.before.as_ref().and_then(|before| before.json.as_deref()).map(crate::inspect::references);
        let mut old: BTreeSet<String> = old.unwrap_or_default().into_iter().collect();
        for target in row.content.iter().flat_map(|content| content.refs) {
            if !old.remove(target) {
                self.added_links.insert((target.clone(), row.first.collection_id, row.id));
            }
        }
        if faults::mutant!("records-old-links-stay") {
            return;
        }
        self.removed_links.extend(old.into_iter().map(|target| (target, row.first.collection_id, row.id)));
    }
}

/// A row while events are folded into it.
struct Slot<'e> {
    first: Located<'e>,
    before: Option<Existing>,
    rev: Option<i64>,
    present: bool,
    content: Option<Content<'e>>,
    withheld: Option<atproto::Cid>,
    created_at: i64,
    indexed_at: i64,
    touched: bool,
}

enum Taken<'e> {
    /// Not newer than what is here.
    Stale,
    /// Remembered, but there is nothing to tell.
    Silent,
    Logged(Change<'e>),
}

impl<'e> Slot<'e> {
    fn new(first: Located<'e>, before: Option<Existing>) -> Self {
        Self {
            first,
            rev: before
                .as_ref()
                .filter(|before| before.json.is_some() || !faults::mutant!("records-tombstone-ignored"))
                .map(|before| before.rev),
            present: before.as_ref().is_some_and(|before| before.json.is_some()),
            created_at: before.as_ref().map_or(0, |before| before.created_at),
            before,
            content: None,
            withheld: None,
            indexed_at: 0,
            touched: false,
        }
    }

    fn take(&mut self, located: &Located<'e>, equal: Equal) -> Taken<'e> {
        let event = located.event;
        let rev = event.rev.as_i64();
        let known = |known| rev < known || (rev == known && equal == Equal::Stale);
        if self.rev.is_some_and(known) && !faults::mutant!("records-rev-not-compared") {
            return Taken::Stale;
        }
        self.rev = Some(rev);
        if !self.touched && self.is_replaced_here(&event.action) {
            return Taken::Stale;
        }
        self.touched = true;
        self.indexed_at = event.seen_at;
        let action = match &event.action {
            RecordAction::Put { json, cid, refs } => {
                let action = if self.present { Action::Update } else { Action::Create };
                if !self.present {
                    self.created_at = event.made_at.unwrap_or(event.seen_at);
                }
                self.withheld = None;
                self.content = Some(Content { json, cid: *cid, refs });
                self.present = true;
                action
            }
            RecordAction::Delete | RecordAction::Withhold { .. } => {
                self.content = None;
                self.withheld = match &event.action {
                    RecordAction::Withhold { cid } => *cid,
                    _ => None,
                };
                if !std::mem::replace(&mut self.present, false) {
                    // Keeps an older copy from arriving later; nobody has seen the record here.
                    self.created_at = event.seen_at;
                    return Taken::Silent;
                }
                Action::Delete
            }
        };
        Taken::Logged(Change {
            at: event.seen_at,
            action,
            repo_id: located.repo.id,
            record: Some((located.collection_id, event.rkey.as_str(), rev)),
        })
    }

    /// Whether a local decision put another record in the place of what is delivered.
    fn is_replaced_here(&self, action: &RecordAction) -> bool {
        let RecordAction::Put { cid: Some(cid), .. } = action else { return false };
        let version = self.before.as_ref().and_then(|before| before.local.as_deref());
        version.is_some_and(|version| version == cid.to_string())
    }

    /// The row's number and its new revision, if that is all that changes.
    fn adopted(&self) -> Option<(i64, i64)> {
        let (before, rev) = (self.before.as_ref()?, self.rev?);
        (!self.touched && rev != before.rev).then_some((before.id, rev))
    }

    fn finish(self, next_id: &mut i64) -> RowChange<'e> {
        let id = match &self.before {
            Some(before) => before.id,
            None => {
                *next_id += 1;
                *next_id - 1
            }
        };
        RowChange {
            visible: self.content.is_some()
                && (self.first.repo.is_active() || faults::mutant!("records-inactive-account-shown")),
            id,
            rev: self.rev.unwrap_or_default(),
            first: self.first,
            before: self.before,
            content: self.content,
            withheld: self.withheld,
            created_at: self.created_at,
            indexed_at: self.indexed_at,
        }
    }
}
