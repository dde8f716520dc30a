//! Commits that the account has not made.

use bytes::Bytes;
use rand::RngExt;
use rand::rngs::StdRng;
use serde_json::json;
use shrike::syntax::Tid;

use super::frame::{Frame, commit, sync};
use crate::sim::clock::rfc3339;
use crate::sim::key::Key;
use crate::sim::repository::{Content, Repository};
use crate::sim::world::World;

/// Five years, in microseconds.
const AHEAD: u64 = 5 * 365 * 86_400 * 1_000_000;

/// A commit, or the news of one, that is right in everything but whose it is: a record in the place of one that was just written,
/// signed with a key that is not the account's.
pub(super) fn forged(world: &World, frame: &Frame, chance: &mut StdRng) -> Option<Bytes> {
    let truth = frame.change.as_ref()?;
    let path = &truth.ops.first()?.path;
    let (collection, _) = path.split_once('/')?;
    let key = Key::derive(world.seed, frame.account, u32::MAX);
    let ahead = if chance.random_bool(0.3) { AHEAD } else { 1 };
    let tid = |after: u64| Tid::new(truth.rev.timestamp_micros() + after, 0).expect("a time in this century");
    let record = json!({ "$type": collection, "text": "never written", "forged": true });
    let mut repository = Repository::new(&frame.did, Vec::new(), truth.rev, &key);
    let mut forged = repository.commit(vec![(path.clone(), Some(Content::of(&record)))], tid(ahead), &key);
    let (seq, time) = (frame.seq - 1, rfc3339(frame.time_us));
    if chance.random_bool(0.2) {
        return Some(sync(&frame.did, seq, &time, forged.rev, &repository.snapshot().head()));
    }
    if chance.random_bool(0.5) {
        // As if it went on from what is there, which nobody can undo.
        forged.before = truth.before;
    }
    Some(commit(&frame.did, seq, &time, &forged, &forged.ops))
}

/// The commit without one of its operations, if it has several.
pub(super) fn without_one(frame: &Frame, chance: &mut StdRng) -> Option<Bytes> {
    let truth = frame.change.as_ref().filter(|truth| truth.ops.len() > 1)?;
    let mut ops = truth.ops.clone();
    ops.remove(chance.random_range(0..ops.len()));
    Some(commit(&frame.did, frame.seq, &rfc3339(frame.time_us), truth, &ops))
}

/// What an account did, in the name of another one.
pub(super) fn of_another(world: &World, frame: &Frame) -> Option<Bytes> {
    let change = frame.change.as_ref()?;
    let other = &world.accounts[(frame.account + 1) % world.accounts.len()];
    let is_another = other.number != frame.account;
    let time = rfc3339(frame.time_us);
    is_another.then(|| commit(other.did.as_str(), frame.seq - 1, &time, change, &change.ops))
}
