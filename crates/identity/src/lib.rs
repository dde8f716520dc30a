//! DIDs, handles and DID documents, resolved and cached.
//!
//! Three names lead to an account: its DID is permanent, its handle is a domain name that may change hands, and the
//! domain behind an NSID says who may define that schema. [`Resolver`] follows all three, through `outbound` and
//! nothing else.
//!
//! - A document is believed if its `id` is the DID; a handle only if the document names it in turn
//!   ([`Resolver::verified`]).
//! - Concurrent questions about one name are one request. Answers are kept for an hour; "does not exist" for a
//!   minute; and while a source is down, what was last known stands in for up to a day.
//! - [`Resolver::invalidate`] is for news of a change; [`Resolver::refresh`] for the suspicion of one.

mod config;
mod did;
mod error;
mod handle;
mod identity;
mod lexicon;
mod local;
mod memory;
mod resolver;
mod telemetry;
mod txt;
mod verified;

pub use crate::config::ResolverConfig;
pub use crate::error::Error;
pub use crate::identity::Identity;
pub use crate::lexicon::check_published;
pub use crate::local::Local;
pub use crate::resolver::Resolver;
pub use crate::verified::Verified;
