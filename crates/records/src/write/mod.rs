//! Changing the index: look up what is there, plan the difference in memory, write it out.
//!
//! Looking up and writing have one body per engine, because SQLite wants one prepared statement per row and
//! PostgreSQL one statement with arrays. What lies between, the rules, is one pure function ([`plan`](plan::plan)).

pub(crate) mod account;
mod apply;
mod batch;
mod decision;
mod ease;
mod effects;
pub(crate) mod ids;
mod log;
mod lookup;
mod plan;
mod project;
mod purge;
mod reconcile;
mod redecide;
mod rows;
mod status;

pub use apply::lock;
pub(crate) use apply::{Applied, apply};
pub(crate) use batch::Batch;
pub use decision::LocalRecord;
pub(crate) use decision::Saved;
pub use log::Action;
pub(crate) use reconcile::is_withheld;
use reconcile::made_at;
pub use reconcile::{Along, Reconciled};

#[cfg(test)]
mod tests;
