//! Notifications: what somebody is told.

mod change;
mod grouped;
mod list;

use crate::need::{Need, Row, get, post};

pub(crate) use list::one;

pub(crate) fn rows() -> Vec<Row> {
    let (read, write) = (Need::User("read:notifications"), Need::User("write:notifications"));
    vec![
        get("/api/v1/notifications", read, "List notifications", list::list),
        get("/api/v1/notifications/{id}", read, "Show a notification", list::show),
        get("/api/v1/notifications/unread_count", read, "Count what is unread", list::count),
        get("/api/v1/notifications/requests", read, "List what was held back: nothing is", list::none),
        post("/api/v1/notifications/clear", write, "Remove all notifications", change::clear),
        post("/api/v1/notifications/{id}/dismiss", write, "Remove a notification", change::dismiss),
        get("/api/v2/notifications", read, "List notifications by group: each is one", grouped::list),
        get("/api/v2/notifications/unread_count", read, "Count what is unread", list::count),
        get("/api/v2/notifications/policy", read, "Show what is held back: nothing is", grouped::policy),
    ]
}
