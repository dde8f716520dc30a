//! The protocol of a container registry (OCI Distribution 1.1) as pure functions and types: no I/O, no clock, no state.
//!
//! - [`Route`] says what a path asks for, printed it is a `Location`; [`RepositoryName`], [`Owner`], [`Tag`], [`Digest`],
//!   [`Reference`] and [`UploadId`] are its parts;
//! - [`UploadStart`], [`ContentRange`], [`ByteRange`], [`EntityTag`] and [`Page`] are what else a request says, [`Portion`] which
//!   bytes it gets,
//!   [`header`] what an answer is labelled with;
//! - [`Manifest`] is a checked view of a manifest's bytes, [`referrers`] lists those that are about another one;
//! - [`Error`], [`ErrorCode`] and [`Errors`] are how a request is refused;
//! - [`Scope`], [`Actions`] and [`Challenge`] are how a client learns which token it needs.
//!
//! Everything here is given bytes that strangers wrote. Every parser therefore bounds size and depth before it builds
//! anything, every error quotes at most a short excerpt of what it refused, and whatever is printed for a header is
//! visible ASCII. A refusal is the protocol's own from the start, so that no layer above has to translate it.

mod actions;
mod algorithm;
mod byte_range;
mod challenge;
mod content_range;
mod digest;
mod entity_tag;
mod error;
mod error_code;
mod errors;
mod excerpt;
#[doc(hidden)]
pub mod fuzzing;
mod hasher;
pub mod header;
pub mod lists;
mod manifest;
mod name;
mod owner;
mod page;
mod portion;
mod reference;
pub mod referrers;
mod route;
mod scope;
mod tag;
mod tag_parameters;
mod text;
mod upload_id;
mod upload_start;

pub use actions::Actions;
pub use algorithm::Algorithm;
pub use byte_range::ByteRange;
pub use challenge::{Challenge, TokenProblem};
pub use content_range::ContentRange;
pub use digest::Digest;
pub use entity_tag::EntityTag;
pub use error::Error;
pub use error_code::ErrorCode;
pub use errors::Errors;
pub use hasher::{Digests, Hasher};
pub use manifest::{
    Annotations, Content, Descriptor, Limits, MAX_SIZE, Manifest, ManifestType, Needed, Platform, is_foreign,
};
pub use name::RepositoryName;
pub use owner::Owner;
pub use page::Page;
pub use portion::{Portion, Unsatisfiable};
pub use reference::Reference;
pub use route::Route;
pub use scope::{Scope, ScopeError};
pub use tag::Tag;
pub use tag_parameters::tag_parameters;
pub use upload_id::UploadId;
pub use upload_start::UploadStart;
