//! People: who they are, what they are to each other.

mod change;
mod defaults;
mod domains;
mod lists;
mod own;
mod relate;
mod requests;
mod show;

use crate::need::{Need, Row, delete, get, patch, post};

pub(crate) use defaults::Defaults;
pub(crate) use show::{find, local};

/// A form with two pictures and a profile.
const PROFILE_LIMIT: usize = 16 << 20;

pub(crate) fn rows() -> Vec<Row> {
    let anybody = Need::IfKnown("read:accounts");
    let (follow, block, mute) =
        (Need::User("write:follows"), Need::User("write:blocks"), Need::User("write:mutes"));
    let own = Need::AnyOf(&["read:accounts", "profile"]);
    let (read, requests) = (Need::User("read:accounts"), Need::User("read:follows"));
    let domains = "/api/v1/domain_blocks";
    vec![
        get("/api/v1/accounts/verify_credentials", own, "Show oneself", own::show),
        patch(
            "/api/v1/accounts/update_credentials",
            Need::User("write:accounts"),
            "Change one's profile",
            change::change,
        )
        .body_limit(PROFILE_LIMIT),
        get("/api/v1/accounts/lookup", anybody, "Find somebody by handle", show::look_up),
        get("/api/v1/accounts/search", read, "Find people", show::search),
        get("/api/v1/accounts/relationships", requests, "Show what people are to oneself", relate::show),
        get(
            "/api/v1/accounts/familiar_followers",
            requests,
            "Show who else follows somebody: not told",
            lists::familiar,
        ),
        get("/api/v1/accounts", anybody, "Show several people", show::several),
        get("/api/v1/accounts/{id}", anybody, "Show somebody", show::show),
        get(
            "/api/v1/accounts/{id}/statuses",
            Need::IfKnown("read:statuses"),
            "Read what somebody wrote",
            show::statuses,
        ),
        get("/api/v1/accounts/{id}/followers", anybody, "List who follows somebody", lists::followers),
        get("/api/v1/accounts/{id}/following", anybody, "List whom somebody follows", lists::following),
        get(
            "/api/v1/accounts/{id}/featured_tags",
            anybody,
            "List featured tags: there are none",
            lists::none,
        ),
        post("/api/v1/accounts/{id}/follow", follow, "Follow somebody", relate::follow),
        post("/api/v1/accounts/{id}/unfollow", follow, "Follow somebody no more", relate::unfollow),
        post(
            "/api/v1/accounts/{id}/remove_from_followers",
            follow,
            "Have somebody follow no more",
            relate::remove,
        ),
        post("/api/v1/accounts/{id}/block", block, "Block somebody", relate::block),
        post("/api/v1/accounts/{id}/unblock", block, "Block somebody no more", relate::unblock),
        post("/api/v1/accounts/{id}/mute", mute, "Mute somebody", relate::mute),
        post("/api/v1/accounts/{id}/unmute", mute, "Mute somebody no more", relate::unmute),
        get("/api/v1/blocks", Need::User("read:blocks"), "List whom one blocks", lists::blocks),
        get("/api/v1/mutes", Need::User("read:mutes"), "List whom one mutes", lists::mutes),
        get(domains, Need::User("read:blocks"), "List hosts one sees nothing of", domains::list),
        post(domains, block, "See nothing of a host", domains::block),
        delete(domains, block, "See a host again", domains::unblock),
        get("/api/v1/follow_requests", requests, "List who wants to follow", requests::list),
        post("/api/v1/follow_requests/{id}/authorize", follow, "Let somebody follow", requests::authorize),
        post("/api/v1/follow_requests/{id}/reject", follow, "Do not let somebody follow", requests::reject),
    ]
}
