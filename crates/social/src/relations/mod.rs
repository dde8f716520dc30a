//! What people are to each other.

mod acts;
mod block;
mod connections;
mod domain;
mod follow;
mod handlers;
mod list;
mod lists;
mod mute;
mod routes;
mod standing;
mod top_friends;

pub use acts::{Act, block_domain, unblock_domain};
pub use block::{block, is_blocked, unblock};
pub use domain::{domain, names_of_domain};
pub use follow::{Followed, accept, follow, reject, unfollow};
pub use list::{Home, List, Part, count, list};
pub use mute::{mute, unmute};
pub(crate) use routes::routes;
pub use standing::{Standing, standing};
pub use top_friends::{set_top_friends, top_friends};
