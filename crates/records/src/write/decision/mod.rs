//! Local decisions: what this server's view says in another way than the network does.
//!
//! A record is *deleted* here though its author has it, *saved* though nobody else has it, or *replaced*: what is here of
//! an author's version is another record. A decision is a row of `local_decisions`, which is durable, one for each
//! URI, and the index obeys it. The rules:
//!
//! - **First the decision, then the index.** No transaction spans both databases. Whoever writes a decision carries it out and
//!   then looks whether it is still the one that counts ([`Records::carry_out`]), so of several at once the one that is
//!   kept is the one that is obeyed. What a crash or a full disk left undone [`Records::settle`] does, before anything
//!   else enters a new index, and again every minute.
//! - **A decision is about a version.** The version is known by its CID, or by the revision of the row. Delivered
//!   again, by whatever source, it changes nothing; a newer one from its author, or a deletion by them, ends the decision.
//!   A record that is only here stands for no version: that its host does not have it says nothing, that its host has
//!   another one ends it.
//! - **The index knows which rows are local.** `local_rows` is written by the transactions that write the rows, so neither
//!   reading a repository nor the stream needs the other database, and none of them can come in between. A row that
//!   becomes something else leaves its entry as *ended*, from which the durable row is forgotten later.
//!
//! It is all here and not in a crate above, because what decides between the network and a local record is the plan of
//! every write (`plan.rs`, `reconcile/classify.rs`), as it is for deletions.

mod bound;
mod delete;
mod kept;
mod marker;
mod obey;
mod save;
mod settle;
mod standing;
mod sweep;

pub(crate) use bound::Saved;
pub(super) use marker::end;
pub use save::LocalRecord;

use atproto::{Cid, RecordName};

/// The version of its author's that a decision is about. What is saved where nothing is to be seen is *only here*, even if a
/// decision had left a version out, of which only that much is known that it is not newer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::write) struct Version {
    /// Nothing of its author's is replaced.
    only_here: bool,
    /// Of the row, or from which on something newer is meant. Greater is newer.
    rev: i64,
    /// Of its content, if it is known.
    cid: Option<Cid>,
}

fn uri((did, collection, rkey): &RecordName) -> String {
    crate::read::uri(did.as_str(), collection.as_str(), rkey.as_str())
}

fn cid(text: Option<&str>) -> Option<Cid> {
    text.and_then(|cid| Cid::parse(cid).ok())
}
