//! What clients are shown, as they insist on it.

mod account;
mod content;
mod media;
mod moment;
mod notification;
mod relationship;
mod status;
mod statuses;

pub(crate) use account::{Account, Field, Role, Source, account, accounts_in_order, picture};
pub(crate) use media::Media;
pub(crate) use moment::instant;
pub(crate) use notification::{KINDS, Note, Notification, notifications};
pub(crate) use relationship::{Relationship, relationships};
pub(crate) use status::{Status, visibility};
pub(crate) use statuses::{meant, status, statuses};
