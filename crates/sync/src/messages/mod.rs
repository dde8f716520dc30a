//! Messages: numbered within their session without gaps, in the order of commits (spec/sync.md §2.2).

mod list;
mod post;
mod routes;
mod view;

pub(crate) use post::{NewMessage, post};
pub(crate) use routes::{numbered_routes, routes};
