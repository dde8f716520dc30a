//! How apps get tokens: OAuth 2 as clients of Mastodon speak it.

mod authorize;
mod client;
mod code;
mod exchange;
mod keeping;
mod metadata;
mod page;
mod register;
mod request;
mod revoke;
mod scope;
mod secret;
mod sign_in;
mod token;

use std::sync::Arc;

use accounts::limits::ByAddress;
use server::{Access, Cors, Hosts, Mount, Route, Throttle};

use crate::need::{Need, Row, get, post};
use crate::refusal::errors;
use crate::services::Services;

pub(crate) use keeping::run as keep;
pub(crate) use secret::hash as hashed;
pub(crate) use token::{Token, Tokens};

pub(crate) use scope::{Scopes, all as all_scopes};

/// What one form may hold.
const FORM_LIMIT: usize = 32 << 10;

/// Routes of the API itself.
pub(crate) fn rows() -> Vec<Row> {
    vec![
        post("/api/v1/apps", Need::Nothing, "Register an app", register::register).body_limit(FORM_LIMIT),
        get("/api/v1/apps/verify_credentials", Need::Token, "Show the app that asks", register::verify),
    ]
}

/// Requests of one address at once, and per second.
const CALLS: (u32, f64) = (120, 1.0);

fn throttle(services: &Services) -> Arc<dyn Throttle> {
    Arc::new(ByAddress::new(services.cache.clone(), "mastodon-oauth", CALLS))
}

/// The pages and addresses beside it. Each is a mount of its own: what else is below `/oauth` belongs to others.
pub(crate) fn mounts(services: &Services, cors: &dyn Fn() -> Cors) -> Vec<Mount> {
    let forms = |prefix| Mount {
        body_limit: FORM_LIMIT,
        throttle: Some(throttle(services)),
        ..Mount::new(prefix, errors)
    };
    // Clients are pages, too.
    let open = |prefix| Mount { cors: Some(cors()), hosts: Hosts::Any, ..forms(prefix) };
    let public = Access::Public;
    vec![
        forms("/oauth/authorize").routes(
            services,
            [
                Route::get("/oauth/authorize", public, "Ask somebody to let an app in", authorize::ask),
                Route::post("/oauth/authorize", public, "Let an app in or turn it away", authorize::answer),
            ],
        ),
        open("/oauth/token")
            .routes(services, [Route::post("/oauth/token", public, "Get a token", exchange::exchange)]),
        open("/oauth/revoke")
            .routes(services, [Route::post("/oauth/revoke", public, "End a token", revoke::revoke)]),
        open("/.well-known/oauth-authorization-server").routes(
            services,
            [Route::get(
                "/.well-known/oauth-authorization-server",
                public,
                "Describe the authorization server",
                metadata::describe,
            )],
        ),
    ]
}
