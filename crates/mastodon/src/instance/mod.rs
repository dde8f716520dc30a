//! What clients ask about the server before anybody signs in, and what this server has none of.

mod describe;
mod markers;
mod pictures;
mod preferences;

use serde_json::{Value, json};
use server::{Json, Problem};

use crate::need::{Need, Row, get, post};

pub(crate) use describe::Numbers;

/// Lists that are empty on this server, and what they would need.
const EMPTY: [(&str, Need, &str); 18] = [
    ("/api/v1/custom_emojis", Need::Nothing, "List custom emojis: there are none"),
    ("/api/v1/announcements", Need::User("read:accounts"), "List announcements: there are none"),
    ("/api/v1/filters", Need::User("read:filters"), "List filters: there are none"),
    ("/api/v2/filters", Need::User("read:filters"), "List filters: there are none"),
    ("/api/v1/lists", Need::User("read:lists"), "List lists: there are none"),
    (
        "/api/v1/conversations",
        Need::User("read:statuses"),
        "List conversations: they are in the home timeline",
    ),
    ("/api/v1/scheduled_statuses", Need::User("read:statuses"), "List scheduled statuses: there are none"),
    ("/api/v1/followed_tags", Need::User("read:follows"), "List followed tags: nobody follows tags"),
    ("/api/v1/featured_tags", Need::User("read:accounts"), "List featured tags: there are none"),
    ("/api/v1/endorsements", Need::User("read:accounts"), "List endorsements: there are none"),
    ("/api/v1/suggestions", Need::User("read:accounts"), "Suggest people: nobody is suggested"),
    ("/api/v2/suggestions", Need::User("read:accounts"), "Suggest people: nobody is suggested"),
    ("/api/v1/trends", Need::Nothing, "List what is popular: nothing is promoted"),
    ("/api/v1/trends/tags", Need::Nothing, "List what is popular: nothing is promoted"),
    ("/api/v1/trends/statuses", Need::Nothing, "List what is popular: nothing is promoted"),
    ("/api/v1/trends/links", Need::Nothing, "List what is popular: nothing is promoted"),
    ("/api/v1/timelines/list/{id}", Need::User("read:lists"), "Read a list: there are none"),
    ("/api/v1/accounts/{id}/lists", Need::User("read:lists"), "List lists somebody is in: there are none"),
];

pub(crate) fn rows() -> Vec<Row> {
    let nothing = Need::Nothing;
    let mut rows = vec![
        get("/api/v1/instance", nothing, "Describe the server", describe::first),
        get("/api/v2/instance", nothing, "Describe the server", describe::second),
        get("/api/v1/instance/peers", nothing, "List other servers: not told", empty),
        get("/api/v1/instance/activity", nothing, "Count activity: not told", empty),
        get("/api/v1/instance/rules", nothing, "List rules: there are none", empty),
        get("/api/v1/instance/domain_blocks", nothing, "List blocked servers: not told", empty),
        get(
            "/api/v1/instance/translation_languages",
            nothing,
            "List translations: there are none",
            no_languages,
        ),
        get(
            "/api/v1/preferences",
            Need::User("read:accounts"),
            "Show what a client begins with",
            preferences::show,
        ),
        get("/api/v1/pictures/{name}", nothing, "Show the picture of whoever has none", pictures::show),
        get("/api/v1/markers", Need::User("read:statuses"), "Show how far one has read", markers::show),
        post("/api/v1/markers", Need::User("write:statuses"), "Say how far one has read", markers::save),
        get("/api/v1/polls/{id}", Need::IfKnown("read:statuses"), "Show a poll: there are none", not_here),
        post("/api/v1/polls/{id}/votes", Need::User("write:statuses"), "Vote: there are no polls", not_here),
        get("/api/v1/push/subscription", Need::User("push"), "Show where pushes go: none are sent", not_here),
    ];
    rows.extend(EMPTY.into_iter().map(|(path, need, summary)| get(path, need, summary, empty)));
    rows
}

async fn empty() -> Json<[(); 0]> {
    Json([])
}

async fn no_languages() -> Json<Value> {
    Json(json!({}))
}

async fn not_here() -> Problem {
    Problem::not_found("Record not found")
}
