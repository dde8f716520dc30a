//! Scopes: what an access token allows, and what an app may ask for.
//!
//! [`Scope`] is one of them, [`ScopeSet`] what a client or a token has, [`PermissionSet`] a published list that an
//! `include:` scope stands for.

mod audience;
mod error;
mod mime;
mod parse;
mod parts;
mod permission_set;
mod print;
mod set;
mod value;

pub use audience::{Audience, ServiceRef};
pub use error::ScopeError;
pub use mime::MimeRange;
pub use permission_set::PermissionSet;
pub use set::ScopeSet;
pub use value::{AccountAttribute, RepoAction, Scope, Targets};
