//! Other accounts of the same person: aliases, and moving from one to another (spec/social.md §3.5, §4.9).

mod alias;
mod follow_on;
mod leave;
mod routes;

pub use alias::{MAX_ALIASES, set_aliases};
pub use follow_on::follow_on;
pub use leave::{come_back, move_to};
pub(crate) use routes::routes;
