//! Avatars: pictures that people show, the only files that anybody may read (spec/sync.md §9).
//!
//! An account has one at most, as GitHub or an old server has it, kept as it came, in the database or in the bucket. Whether it is a
//! picture, and how large, is found out here before anything is kept of it: nobody else's word counts.

mod avatar;
mod fetch;
mod kind;
mod picture;
mod routes;
mod stored;

pub(crate) use avatar::{Avatar, is_path};
pub(crate) use fetch::fetch;
pub(crate) use picture::Picture;
pub(crate) use routes::routes;
pub(crate) use stored::{NewAvatar, has, put, read, remove};
