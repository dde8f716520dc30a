//! Statuses: written, changed, read, reacted to.

mod context;
mod create;
mod edit;
mod once;
mod react;
mod show;
mod written;

use crate::need::{Need, Row, delete, get, post, put};

pub(crate) fn rows() -> Vec<Row> {
    let anybody = Need::IfKnown("read:statuses");
    let (write, like) = (Need::User("write:statuses"), Need::User("write:favourites"));
    let (mark, one) = (Need::User("write:bookmarks"), "/api/v1/statuses/{id}");
    vec![
        post("/api/v1/statuses", write, "Write a status", create::create),
        get("/api/v1/statuses", anybody, "Show several statuses", show::several),
        get(one, anybody, "Show a status", show::show),
        put(one, write, "Change a status", edit::edit),
        delete(one, write, "Delete a status", edit::delete),
        get("/api/v1/statuses/{id}/context", anybody, "Read the thread of a status", context::read),
        get(
            "/api/v1/statuses/{id}/source",
            Need::User("read:statuses"),
            "Show what was written",
            show::source,
        ),
        get(
            "/api/v1/statuses/{id}/history",
            anybody,
            "Show what a status says: only the last is kept",
            show::history,
        ),
        get("/api/v1/statuses/{id}/card", anybody, "Show a preview: there is none", show::card),
        get("/api/v1/statuses/{id}/reblogged_by", anybody, "List who boosted a status", show::boosters),
        get("/api/v1/statuses/{id}/favourited_by", anybody, "List who likes a status", show::likers),
        post("/api/v1/statuses/{id}/favourite", like, "Like a status", react::like),
        post("/api/v1/statuses/{id}/unfavourite", like, "Like a status no more", react::unlike),
        post("/api/v1/statuses/{id}/reblog", write, "Boost a status", react::boost),
        post("/api/v1/statuses/{id}/unreblog", write, "Boost a status no more", react::unboost),
        post("/api/v1/statuses/{id}/bookmark", mark, "Keep a status", react::bookmark),
        post("/api/v1/statuses/{id}/unbookmark", mark, "Keep a status no more", react::unbookmark),
    ]
}
