//! The protocol's words: bodies, parameters, errors, base64, times (spec/sync.md §0).

mod base;
mod base64;
mod body;
mod done;
mod owner;
mod params;
mod style;
mod text;
mod time;

pub(crate) use base::Base;
pub(crate) use base64::{encode, lenient, strict, strict_hex_key};
pub(crate) use body::Body;
pub(crate) use done::{Done, present};
pub(crate) use owner::Owner;
pub(crate) use params::{Params, Rest, Search};
pub(crate) use style::{errors, failed};
pub(crate) use text::{Bounded, Label, Opaque};
pub(crate) use time::{from_millis, millis};
