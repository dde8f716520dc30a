//! What people are told.

mod add;
mod list;
mod routes;

pub use add::{Kind, Notified, add};
pub use list::{Notification, list, mark, unread};
pub(crate) use routes::routes;
