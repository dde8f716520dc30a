//! A question for records by typed conditions on their fields, as query lexicons put it.
//!
//! [`Find::select`](crate::Find::select) chooses one of several ways to the candidates, and looks at each of them again: what
//! an index says only decides how many there are. Only where its keys say all that is asked for, and are read with the records
//! by one statement, are they believed. So the answer is the same whichever way was taken, and so is the cursor:
//! it names a place in the order, which has nothing to do with an index.

mod candidate;
mod condition;
mod count;
mod cursor;
mod explain;
mod gather;
mod look_up;
mod narrow;
mod page;
mod plan;
mod relevance;
mod run;
mod source;
mod walk;

use atproto::{Did, Nsid};
use records::Record;

pub use condition::{Bound, Condition, Range, Test};
pub use count::Counted;
pub use explain::{Access, Explained};
pub(crate) use narrow::{Along, Narrowed, narrow, place};

use crate::Direction;
use crate::index::Order;
use crate::words::Words;

/// Values that one condition may allow.
pub const MAX_VALUES: usize = 25;

/// Which records of a collection, in which order, from where on.
#[derive(Clone, Debug)]
pub struct Selection {
    /// What is asked about.
    pub collection: Nsid,
    /// Only this author.
    pub did: Option<Did>,
    /// All of them hold.
    pub conditions: Vec<Condition>,
    /// Only records with these words.
    pub words: Option<Words>,
    /// In which order.
    pub order: Arrangement,
    /// At most so many records.
    pub limit: u32,
    /// [`Selected::cursor`] of the previous page of the same question.
    pub cursor: Option<String>,
}

/// The order of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arrangement {
    /// That of an index.
    By(Order, Direction),
    /// The best match first, among two hundred at a time, the newest of them first. Only with words.
    Relevance,
}

/// One page of an answer.
#[derive(Clone, Debug)]
pub struct Selected {
    /// In the order asked for.
    pub records: Vec<Record>,
    /// Where the next page begins; present only when there is one.
    pub cursor: Option<String>,
    /// How the answer was found.
    pub explained: Explained,
}

/// Whether a text could be a cursor of an order.
pub(crate) fn check_cursor(order: &Arrangement, text: &str) -> Result<(), crate::Error> {
    order.check(text)
}
