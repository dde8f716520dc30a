//! The protocol between servers of the fediverse (ActivityPub) as pure functions and types: no I/O, no clock, no state.
//!
//! - [`signature`] says who sent a request, and signs what is sent from here;
//! - [`webfinger`], [`nodeinfo`] and [`media_type`] are how servers find each other and what they ask for;
//! - [`object`] reads what they say, [`mod@write`] is what this server says, [`text`] what people read of it;
//! - [`Address`] is the name of everything.
//!
//! Everything here is given bytes that strangers wrote. Every parser therefore bounds size, depth and number before it builds
//! anything, and every error quotes at most a short excerpt of what it refused.

mod address;
mod excerpt;
#[doc(hidden)]
pub mod fuzzing;
pub mod host;
pub mod media_type;
pub mod nodeinfo;
pub mod object;
pub mod signature;
pub mod text;
pub mod webfinger;
pub mod write;

pub use address::{Address, AddressError};
