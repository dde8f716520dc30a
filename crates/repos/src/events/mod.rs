//! The log: what subscribers are told, numbered without gaps, bounded in age and number.

mod log;
mod subscribe;

pub(crate) use log::{Kind, append, head, lock, oldest, prune};
pub use subscribe::{Frame, Subscription};
