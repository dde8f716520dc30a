//! What an admin sees of the way to other servers, and does about it (spec/social.md §3.5, §4.10, §5.3).

mod deliveries;
mod events;
mod hosts;
mod overview;
mod routes;

pub use hosts::{revive, unavailable};
pub(crate) use routes::routes;
