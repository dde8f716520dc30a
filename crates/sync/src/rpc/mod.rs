//! Calls from one socket of an account to another, on this instance or on another one (spec/sync.md §3.5).
//!
//! An instance that has nobody who answers asks the others. One of those that have somebody claims the call in the shared
//! cache, so that it is made once, and says so; what is called with and what comes back goes through the cache, too,
//! because it may be larger than a message.

mod calls;
mod failure;
mod here;
mod there;
mod under_way;

pub(crate) use calls::Calls;
pub(crate) use failure::Failure;
pub(crate) use here::call_here;
pub(crate) use there::{Request, answer};
pub(crate) use under_way::UnderWay;
