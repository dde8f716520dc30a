//! What sockets are told, in the order in which it became true.
//!
//! Whatever changes an account's data logs an [`Update`] in the same transaction, numbered by the account's counter. The
//! counter's row is written last, so it is held for as short as can be, and whoever holds it commits before the next one
//! gets a number: the log is in the order of commits. Sockets are fed from the log (see `live`), so what they see is too.

mod audience;
mod log;
mod message;
mod prune;
mod since;
mod tx;

pub(crate) use audience::{Audience, Scope};
pub(crate) use log::{Update, fit_after, head, read_after};
pub(crate) use message::MessageBody;
pub(crate) use prune::{Kept, find_old, prune};
pub(crate) use since::routes;
pub(crate) use tx::Tx;
