//! From a handle to an actor: `WebFinger` (RFC 7033) and `host-meta` (RFC 6415) (spec/social.md §4.2).

mod handle;
mod host_meta;
mod jrd;
mod resource;

pub use handle::{Handle, HandleError};
pub use host_meta::HostMeta;
pub use jrd::{Jrd, JrdError, Link};
pub use resource::Resource;

/// The type of a [`Jrd`].
pub const CONTENT_TYPE: &str = "application/jrd+json";

/// What a server says it takes when it looks somebody up.
pub const ACCEPT: &str = "application/jrd+json, application/json";

/// Where the question goes, below the server's own address.
pub const PATH: &str = "/.well-known/webfinger";
