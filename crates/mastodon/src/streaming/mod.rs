//! `/api/v1/streaming`: what happens, as it happens, over Server-Sent Events or a WebSocket.

mod facts;
mod feed;
mod hub;
mod message;
mod socket;
mod sse;
mod topic;
mod upgrade;

use crate::need::{Need, Row, get};

pub(crate) use hub::{Streams, run};

pub(crate) fn rows() -> Vec<Row> {
    let anybody = Need::IfKnown("read:statuses");
    let somebody = Need::User("read:statuses");
    let told = Need::User("read:notifications");
    vec![
        get("/api/v1/streaming", anybody, "Follow what happens by WebSocket", socket::serve),
        get("/api/v1/streaming/", anybody, "Follow what happens by WebSocket", socket::serve),
        get("/api/v1/streaming/health", Need::Nothing, "Say that streams can be had", health),
        get("/api/v1/streaming/user", somebody, "Follow one's home timeline and notifications", sse::user),
        get("/api/v1/streaming/user/notification", told, "Follow one's notifications", sse::notifications),
        get("/api/v1/streaming/public", anybody, "Follow what is public", sse::public),
        get("/api/v1/streaming/public/local", anybody, "Follow what is public here", sse::local),
        get("/api/v1/streaming/public/remote", anybody, "Follow what is public elsewhere", sse::remote),
        get("/api/v1/streaming/hashtag", anybody, "Follow a hashtag", sse::hashtag),
        get("/api/v1/streaming/hashtag/local", anybody, "Follow a hashtag here", sse::hashtag_here),
        get("/api/v1/streaming/direct", somebody, "Follow what is sent to oneself only", sse::direct),
    ]
}

async fn health() -> &'static str {
    "OK"
}

/// Where a `WebSocket` is to be opened, for clients that ask.
pub(crate) fn address(base: &str) -> String {
    // `http` becomes `ws`, `https` becomes `wss`.
    base.strip_prefix("http").map_or_else(|| base.to_owned(), |rest| format!("ws{rest}"))
}
