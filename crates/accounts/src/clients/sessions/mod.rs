//! Sessions with a PDS that an app began and registered here: one for each device of each user (spec/appview.md §7.3).
//!
//! They are rows of [`pds`](crate::pds); what is here is who may begin, see and end them.

mod access;
mod find;
mod manage;
mod permission_sets;
mod register;
mod scopes;

pub(super) use access::SessionAccess;
pub(super) use find::KeySession;
pub use permission_sets::PermissionSets;
pub(super) use register::Registration;
