//! Indexes that queries ask for.
//!
//! An index of a field is, on either engine, a list of keys in the order of their bytes ([`Content::keys`]): what a record is
//! looked up by, then its place in an order. The keys are made here and not by an expression in the database, because
//! only so both engines have the same order, instants can be told from texts, and a member of a list can be looked up. What
//! matters about an expression index stays: nobody has to think of it. [`projection`] changes the keys in the
//! transaction that changes the record; the [builder](crate::Find::build_next) takes in what was there before, a
//! little at a time, so that neither readers nor the stream wait for it, and goes on where it was when it is interrupted.

mod build;
mod declare;
mod entries;
mod field;
mod projection;
mod scalar;
mod spec;
mod state;

pub use build::Built;
pub use declare::{Declared, MAX_INDEXES};
pub use field::{Field, MAX_MEMBERS, Reading};
pub use projection::projection;
pub use scalar::Scalar;
pub use spec::{Content, MAX_EQUAL, Order, Spec};
pub use state::{IndexState, Stage};

pub(crate) use field::at;
pub(crate) use scalar::{EXACT_BYTES, integer};
pub(crate) use spec::{Entry, place};
pub(crate) use state::{COMPLETE, Listed};
