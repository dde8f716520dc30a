//! A miss is a question: what is not here is asked of its source, checked, stored and answered.
//!
//! A view of the network is never complete: history that is still being fetched, an account nobody has mentioned yet, a
//! host that was down. [`ReadThrough`] closes such a hole at the moment somebody looks into it. What that may cost is the
//! whole difficulty, because whoever looks may be a stranger who means to make us work:
//!
//! - What is here is answered from here. The index is asked first, and for a hit nothing else is done.
//! - What is known not to exist is not asked for: the history of the repository is here ([`Records::is_complete`]), or the
//!   answer was "no" a moment ago. Such answers are remembered by all instances together.
//! - However many ask for the same, there is one question (and a lock that instances share). It goes on when
//!   whoever asked has gone, because the next one will want the answer.
//! - Every question is paid for, out of the purse of whoever caused it and one of all together ([`Budget`]). Whoever has
//!   spent theirs is answered from what is here.
//! - A host that does not answer is left alone for a while, longer each time.
//!
//! What comes back is believed as far as the author's signature goes and takes the way of everything else that is fetched
//! ([`Records::reconcile`]): what an operator decided, and what the stream brought meanwhile, wins.
//!
//! [`Records::is_complete`]: records::Records::is_complete
//! [`Records::reconcile`]: records::Records::reconcile

mod answer;
mod asker;
mod asking;
mod budget;
mod error;
mod flights;
mod list;
mod memory;
mod outcome;
mod policy;
mod purse;
mod question;
mod read_through;
mod record;
mod shared;
mod source;
mod spans;
mod telemetry;
mod trouble;

pub use answer::{Answer, How, Reason};
pub use asker::Asker;
pub use budget::Budget;
pub use error::Error;
pub use memory::{Memory, Remembered};
pub use policy::{Policy, UnknownPolicy};
pub use read_through::{ReadThrough, ReadThroughConfig, ReadThroughParts};
pub use source::Unread;
